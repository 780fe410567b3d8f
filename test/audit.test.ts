// The audit as a reviewer runs it: what it tells, and what it notices when somebody who can write to Redis has been there.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { genesis, type JournalEntry, seal } from '../src/queue/journal.ts';
import { proofOf } from '../src/roles/approvals.ts';
import { STORY } from '../src/roles/story.ts';
import { KEY, recovered, storiesIn } from './support/audited.ts';
import { freshQueue } from './support/queue.ts';

const main = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));

let queue: Awaited<ReturnType<typeof freshQueue>>;
beforeAll(async () => {
  queue = await freshQueue();
});
afterAll(() => queue?.stop());

let count = 0;
/** An incident that ran to its end, with the heads that were noted outside of Redis while it did. */
async function incident() {
  const id = `incident-${++count}`;
  const noted: JournalEntry[] = [];
  await recovered(storiesIn(queue.redis, [KEY], noted), id);
  const journal = queue.redis.keys.journal(id);
  const row = queue.redis.keys.incident(id);
  const head = noted.at(-1)!;
  return { id, noted, journal, row, head, card: `${head.version}:${head.hash.slice(0, 16)}` };
}

function audit(words: string[], env: { [name: string]: string } = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, 'audit', ...words], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH, NO_COLOR: '1', REDIS_URL: queue.url, LOOPBREAKER_APPROVAL_KEY: KEY, ...env },
  });
  return { status, stdout, stderr };
}

/** Somebody with all rights in Redis but without the key: rewrites the journal from these events, and the state with it. */
async function forge(
  { id, journal, row }: { id: string; journal: string; row: string },
  entries: JournalEntry[],
  key = '',
) {
  let previous = genesis;
  let state: unknown = null;
  const forged = entries.map((entry) => {
    const { hash: _, proof, ...rest } = entry;
    const again = seal({ ...rest, previous }, key ? (hash) => proofOf([key], hash) : undefined);
    previous = again.hash;
    ({ state } = STORY.step(state as never, again.event as never, again.at));
    return key || !proof ? again : { ...again, proof };
  });
  const { client } = queue.redis;
  await client.del(journal);
  await client.rpush(journal, ...forged.map((entry) => JSON.stringify(entry)));
  await client.hset(row, { version: forged.length, hash: previous, state: JSON.stringify(state) });
  return id;
}

describe('an audit', () => {
  test('tells who asked, what was shown, who approved which plan, what was written and how it ended', async () => {
    const { id, head } = await incident();
    const { status, stdout } = audit([id]);
    expect(status).toBe(0);
    const told = stdout
      .split('\n')
      .map((line) => line.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME').replace(/ +/g, ' '));
    expect(told).toEqual([
      `${id} · prod/users-avatars/avatars · recovered · TIME · entry ${head.version} ${head.hash.slice(0, 16)}`,
      ' 1 TIME U0ANN asked for "avatars" (prod/* in channel C0OPS)',
      ' 2 TIME loopbreaker showed the card to the channel (message 1700000000.000100)',
      expect.stringMatching(/^ 3 TIME loopbreaker named env-missing \(confirmed\): /),
      ' 4 TIME U0ANN asked for a plan: rollback',
      expect.stringMatching(
        /^ 5 TIME loopbreaker planned "Roll back to revision 1" for U0ANN, plan [0-9a-f]{32}, until TIME/,
      ),
      ' 6 TIME loopbreaker showed the plan to the channel (message 1700000000.000200)',
      expect.stringMatching(
        /^ 7 TIME U0BOB approved plan [0-9a-f]{32}, as a member of S0CALL, typed its name, policy a{12}$/,
      ),
      expect.stringMatching(/^ 8 TIME loopbreaker began to write plan [0-9a-f]{32}$/),
      expect.stringMatching(/^ 9 TIME loopbreaker wrote plan [0-9a-f]{32}; the template is now h2$/),
      ' 10 TIME loopbreaker recovered: Ready 2 of 2 for 60 s.',
      '',
    ]);
  });

  test('lists the incidents that moved last, as JSON when asked', async () => {
    const { id, head } = await incident();
    const { stdout } = audit(['--json', '--verify']);
    const documents = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(documents.find((d) => d.incident === id)).toMatchObject({
      schemaVersion: 1,
      phase: 'recovered',
      head: { version: 10, hash: head.hash },
      verified: { holds: true, entries: 10 },
    });
  });

  test('without REDIS_URL, or of an incident that is not there, says what to do', () => {
    expect(audit([], { REDIS_URL: '' })).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('REDIS_URL is not set'),
    });
    expect(audit(['no-such-one'])).toMatchObject({
      status: 1,
      stderr: 'loopbreaker: There is no incident no-such-one. Closed ones are kept for 30 days, open ones for 90.\n',
    });
    expect(audit(['x', '--head', 'nonsense'])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('ENTRY:HASH'),
    });
  });
});

describe('a journal as it was written', () => {
  test('holds, with its seals, the head on the card and the heads in the log', async () => {
    const { id, card, noted } = await incident();
    const folder = mkdtempSync(join(tmpdir(), 'loopbreaker-audit-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const log = join(folder, 'roles.log');
    const lines = noted.map((e) =>
      JSON.stringify({ level: 30, incident: id, version: e.version, head: e.hash, msg: 'journal' }),
    );
    writeFileSync(log, `not JSON\n${lines.join('\n')}\n`);
    const { status, stdout } = audit([id, '--verify', '--head', card, '--log', log]);
    expect(stdout).toContain('The journal holds: 10 entries are one chain, every seal fits, 11 noted heads fit,');
    expect(status).toBe(0);
    expect(audit([id, '--verify'], { LOOPBREAKER_APPROVAL_KEY: '' }).stdout).toContain('seals were not checked');
  });

  test('also holds while an old key is still known beside a new one', async () => {
    const { id } = await incident();
    expect(
      audit([id, '--verify'], { LOOPBREAKER_APPROVAL_KEY: `another-key-that-is-long-enough-01,${KEY}` }).status,
    ).toBe(0);
    expect(audit([id, '--verify'], { LOOPBREAKER_APPROVAL_KEY: 'another-key-that-is-long-enough-01' })).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('entry 1 is not sealed with this key'),
    });
  });
});

describe('somebody who can write to Redis is noticed', () => {
  const eve = (entry: JournalEntry): JournalEntry => {
    const event = entry.event as { type: string };
    return event.type === 'approved' ? { ...entry, event: { ...event, by: 'U0EVE' } } : entry;
  };

  test('who changes one entry', async () => {
    const { id, noted, journal } = await incident();
    await queue.redis.client.lset(journal, 6, JSON.stringify(eve(noted[6]!)));
    expect(audit([id, '--verify'])).toMatchObject({
      status: 1,
      stderr: `loopbreaker: The journal of incident ${id} does not hold: entry 7 was changed after it was written.\n`,
    });
  });

  test('who cuts the tail of the list', async () => {
    const { id, journal } = await incident();
    await queue.redis.client.ltrim(journal, 0, 6);
    expect(audit([id, '--verify']).stderr).toContain('the journal ends at entry 7, not at 10');
  });

  test('who cuts the tail and makes everything in Redis fit, by the head on the card', async () => {
    const found = await incident();
    const id = await forge(found, found.noted.slice(0, 7), KEY);
    // Redis alone tells nothing: this is a journal as it once was.
    expect(audit([id, '--verify']).status).toBe(0);
    expect(audit([id, '--verify', '--head', found.card])).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('the journal ends at entry 7, but entry 10 was noted: its tail was cut'),
    });
  });

  test('who rewrites the whole chain, by the seals, and without the key by the head on the card', async () => {
    const found = await incident();
    const id = await forge(found, found.noted.map(eve));
    expect(audit([id, '--verify']).stderr).toContain('entry 7 is not sealed with this key');
    const blind = { LOOPBREAKER_APPROVAL_KEY: '' };
    expect(audit([id, '--verify'], blind).status).toBe(0);
    expect(audit([id, '--verify', '--head', found.card], blind).stderr).toContain('is not the one that was noted');
  });

  test('who changes only the state', async () => {
    const { id, row } = await incident();
    const state = JSON.parse((await queue.redis.client.hget(row, 'state')) ?? '');
    await queue.redis.client.hset(row, { state: JSON.stringify({ ...state, phase: 'not-recovered' }) });
    expect(audit([id, '--verify']).stderr).toContain('the state is not what its journal tells');
  });

  test('who removes an incident that the log knows', async () => {
    const { id, journal, row, head } = await incident();
    const folder = mkdtempSync(join(tmpdir(), 'loopbreaker-audit-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    writeFileSync(join(folder, 'log'), JSON.stringify({ incident: id, version: 10, head: head.hash }));
    await queue.redis.client.del(journal, row);
    expect(audit(['--log', join(folder, 'log')])).toMatchObject({
      status: 1,
      stderr: expect.stringContaining(`There is no incident ${id} although the log knows it.`),
    });
  });
});
