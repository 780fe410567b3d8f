// `loopbreaker audit`: what the journal says about an incident, and whether it is still what was written. It only reads.

import { readFileSync } from 'node:fs';
import pc from 'picocolors';
import type { IncidentEvent } from '../core/incident/events.ts';
import type { IncidentState } from '../core/incident/state.ts';
import { canonical } from '../core/json.ts';
import { type JournalEntry, type Verified, verifyJournal } from '../queue/journal.ts';
import type { RedisConnections } from '../queue/redis.ts';
import { longestPage, type StoredIncident, storedIncidents } from '../queue/stored.ts';
import { provesEntry } from '../roles/approvals.ts';
import { STORY } from '../roles/story.ts';
import { type Head, readHead, readLogHeads } from './audit-heads.ts';
import { entryWords } from './audit-words.ts';
import { complain, type ExitCode, json, out } from './output.ts';
import { openRedis } from './redis.ts';

export interface AuditOptions {
  verify?: boolean;
  json?: boolean;
  head?: string[];
  log?: string[];
  limit?: string;
}

type Entry = JournalEntry<IncidentEvent>;
type Reader = ReturnType<typeof storedIncidents<IncidentState, IncidentEvent>>;

interface Audited {
  stored: StoredIncident<IncidentState>;
  entries: Entry[];
  verified: Verified | undefined;
}

export async function auditCommand(incident: string | undefined, options: AuditOptions): Promise<ExitCode> {
  const { LOOPBREAKER_APPROVAL_KEY = '' } = process.env;
  const heads = headsFrom(incident, options);
  if (typeof heads === 'string') {
    complain(heads);
    return 2;
  }
  const keys = LOOPBREAKER_APPROVAL_KEY.split(',').flatMap((key) => key.trim() || []);
  const redis = await openRedis('the journal is');
  if (!redis) return 2;
  try {
    return await audit(redis, incident, options, { keys, heads });
  } finally {
    await redis.close();
  }
}

interface Known {
  keys: string[];
  heads: Head[];
}

async function audit(
  redis: RedisConnections,
  incident: string | undefined,
  options: AuditOptions,
  known: Known,
): Promise<ExitCode> {
  const reader = storedIncidents<IncidentState, IncidentEvent>(redis, { schemaVersion: 1 });
  const wanted = incident === undefined ? await namesOf(reader, options, known.heads) : [incident];
  let exit: ExitCode = 0;
  for (const id of wanted) {
    const checked = options.verify || known.heads.length > 0;
    const found = await read(reader, id, checked ? known : undefined);
    if (found === undefined) {
      const noted = known.heads.some((head) => head.incident === id) ? ' although the log knows it' : '';
      complain(`There is no incident ${id}${noted}. Closed ones are kept for 30 days, open ones for 90.`);
      exit = 1;
      continue;
    }
    if (options.json) json(documentOf(found));
    else out(incident === undefined ? `${headline(found)}\n` : textOf(found, known));
    if (found.verified?.holds === false) {
      complain(`The journal of incident ${id} does not hold: ${found.verified.because}.`);
      exit = 1;
    }
  }
  if (wanted.length === 0 && !options.json) out('There are no incidents yet.\n');
  return exit;
}

/** The incidents that moved last, and, when a log is given, each one that it names. */
async function namesOf(reader: Reader, { limit = '20', log }: AuditOptions, heads: Head[]): Promise<string[]> {
  if (log?.length) return [...new Set(heads.map((head) => head.incident))];
  return (await reader.recent(Number(limit) || 20)).map((one) => one.incident);
}

async function read(reader: Reader, id: string, known: Known | undefined): Promise<Audited | undefined> {
  // The state first: what is written meanwhile only makes the journal longer than the state says.
  const stored = await reader.read(id);
  if (!stored) return undefined;
  const entries: Entry[] = [];
  for (let from: number | null = 1; from !== null; ) {
    const page: Awaited<ReturnType<Reader['journal']>> = await reader.journal(id, { from, limit: longestPage });
    entries.push(...page.entries);
    from = page.next;
  }
  const upTo = entries.slice(0, Math.max(stored.version, 0));
  return { stored, entries: upTo, verified: known && verify(stored, upTo, known) };
}

function verify(stored: StoredIncident<IncidentState>, entries: Entry[], { keys, heads }: Known): Verified {
  const chain = verifyJournal(entries, {
    end: { version: stored.version, hash: stored.hash },
    heads: heads.filter((head) => head.incident === stored.incident),
    ...(keys.length > 0 ? { proves: (hash, proof) => provesEntry(keys, hash, proof) } : {}),
  });
  if (!chain.holds) return chain;
  if (canonical(plain(fold(entries))) === canonical(plain(stored.state))) return chain;
  const because = 'the state is not what its journal tells: it was changed, or another version of Loopbreaker wrote it';
  return { holds: false, version: stored.version, because };
}

/** The state that the journal tells. */
function fold(entries: Entry[]): IncidentState | null {
  let state: IncidentState | null = null;
  for (const { event, at } of entries) ({ state } = STORY.step(state, event, at));
  return state;
}

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

function headsFrom(incident: string | undefined, { head = [], log = [] }: AuditOptions): Head[] | string {
  if (head.length > 0 && incident === undefined) return '--head goes with one incident: audit INCIDENT --head N:HASH.';
  const heads: Head[] = [];
  for (const text of head) {
    const read = readHead(incident ?? '', text);
    if (!read) return `--head ${text} must say ENTRY:HASH as a card's last line does, such as 14:3f9a2c1b0d4e5f60.`;
    heads.push(read);
  }
  for (const path of log) {
    try {
      heads.push(...readLogHeads(readFileSync(path, 'utf8')));
    } catch (error) {
      return `The log ${path} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unreadable'}).`;
    }
  }
  return incident === undefined ? heads : heads.filter((one) => one.incident === incident);
}

function documentOf({ stored, entries, verified }: Audited): object {
  const { incident, version, hash, at, closed, state } = stored;
  return {
    schemaVersion: 1,
    incident,
    phase: state.phase,
    target: state.target,
    at,
    closed,
    head: { version, hash },
    entries,
    ...(verified ? { verified } : {}),
  };
}

function headline({ stored, verified }: Audited): string {
  const { incident, version, hash, at, state } = stored;
  const { wanted } = state.request;
  const target = state.target
    ? `${state.target.cluster}/${state.target.namespace}/${state.target.workload?.name ?? state.target.pod ?? ''}`
    : `${wanted.cluster}/${wanted.namespace || '*'}/${wanted.name || '*'}`;
  const holds = verified ? (verified.holds ? ' · holds' : ' · DOES NOT HOLD') : '';
  return `${pc.bold(incident)} · ${target} · ${state.phase} · ${at} · entry ${version} ${hash.slice(0, 16)}${holds}`;
}

function textOf(audited: Audited, { keys, heads }: Known): string {
  const lines = audited.entries.map(({ version, at, event }) => {
    const { by, what } = entryWords(event);
    return `${String(version).padStart(4)}  ${at}  ${(by || 'loopbreaker').padEnd(12)}  ${what.replace(/\s+/g, ' ')}`;
  });
  const { verified } = audited;
  const sealed = keys.length > 0 ? 'every seal fits' : 'seals were not checked (LOOPBREAKER_APPROVAL_KEY is not set)';
  const noted = heads.length > 0 ? `, ${heads.length} noted ${heads.length === 1 ? 'head fits' : 'heads fit'}` : '';
  const verdict = verified?.holds
    ? [
        `The journal holds: ${verified.entries} entries are one chain, ${sealed}${noted}, and the state follows from it.`,
      ]
    : [];
  return `${[headline(audited), ...lines, ...verdict].join('\n')}\n`;
}
