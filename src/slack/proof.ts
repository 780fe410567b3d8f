// The proof of a card: the decisive citation in so few words that a phone shows it, and where it stands.

import type { Report } from '../core/report.ts';
import { clipMiddle, clock, code, flat, mrkdwn } from './mrkdwn.ts';

const MOST = 170;

export interface Proof {
  /** As it was said, on one line. */
  words: string;
  at: string;
}

export function proofOf(report: Report): Proof | undefined {
  const decisive = report.causes[0]?.evidence[0];
  return decisive && { words: withoutChain(spoken(flat(decisive.text))), at: decisive.at };
}

const CHAIN =
  /(?:(?:failed to create containerd task|failed to create shim task|OCI runtime \w+ failed|runc \w+ failed|exec failed|unable to start container process|rpc error: code = \w+ desc =|failed to exec in container|failed to start exec "\w+"): ?|rpc error: code = \w+ desc = )+/;

/** Runtimes wrap what went wrong into what each layer was doing, schedulers add what else they tried. */
function withoutChain(line: string): string {
  return line
    .replace(/^\(combined from similar events\): /, '')
    .replace(CHAIN, '… ')
    .replace(/: unknown$/, '')
    .replace(/\.? (?:no new claims to deallocate, )?preemption: .*$/, '');
}

/** mrkdwn; "" without proof. Where a dependency is the true root, its proof stands beside the first. */
export function proofLine(report: Report): string {
  const root = report.root?.evidence[0];
  const proof = proofOf(report);
  if (!proof) return '';
  const quoted = quote(proof.words, root ? MOST / 2 : MOST);
  if (root) return [quoted, quote(withoutChain(spoken(flat(root.text))), MOST / 2)].filter(Boolean).join(' · ');
  return quoted && `${quoted} — ${placeOf(report, proof.at)}`;
}

function quote(words: string, most: number): string {
  return code(clipMiddle(words, most), 400);
}

/** A line that is JSON, or ends in it, says in one of its fields what it says. */
function spoken(line: string): string {
  const start = line.indexOf('{');
  if (start < 0 || line.length <= MOST) return line;
  try {
    const said = sentenceIn(JSON.parse(line.slice(start)));
    return said ? said : line;
  } catch {
    return line;
  }
}

function sentenceIn(value: unknown): string {
  if (typeof value !== 'object' || value === null) return '';
  const fields = value as { [name: string]: unknown };
  for (const name of ['err', 'error', 'exception', 'message', 'msg']) {
    const said = typeof fields[name] === 'string' ? flat(fields[name]) : sentenceIn(fields[name]);
    if (said) return said;
  }
  return '';
}

/** Where the proof stands, for a reader on a phone; the thread has the exact address. */
function placeOf(report: Report, at: string): string {
  const { lastExit, now } = report.status;
  if (at.startsWith('log.')) {
    const line = at.split(':').at(-1) ?? '';
    const last = lastExit && report.logExcerpt.some((l) => l.at === at);
    if (!last) return `line ${mrkdwn(line, 20)} of the log`;
    return `last words${lastExit.finishedAt ? `, ${clock(lastExit.finishedAt, { seconds: true, near: now })}` : ''}`;
  }
  if (at.startsWith('event:')) return `event ${mrkdwn(at.slice(6), 60)}`;
  if (/\.terminated\.message$/.test(at) && lastExit && lastExit.code !== 128) return 'its termination message';
  if (at.startsWith('status')) return 'status of the pod';
  if (at.startsWith('spec')) return 'template of the pod';
  return mrkdwn(at, 80);
}
