// Who belongs to which storm, with the stories in a real Redis and the jobs as workers run them: at once, twice, in any order.

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { IncidentState } from '../src/core/incident/state.ts';
import type { Report } from '../src/core/report.ts';
import type { StormState } from '../src/core/storm/state.ts';
import { stormKeys } from '../src/queue/keys.ts';
import { storedIncidents } from '../src/queue/stored.ts';
import type { Work } from '../src/roles/jobs/work.ts';
import { gatherJob, joinJob, leaveJob, settleJob } from '../src/roles/storms/jobs.ts';
import { checkJob } from '../src/roles/storms/joining.ts';
import { freshRedis } from './support/redis.ts';
import { recorded, withRoot } from './support/slack-story.ts';
import { type Diagnosed, type StormWork, stormWork } from './support/storm-work.ts';

const waiting = withRoot(recorded('dependency-refused-postgres').report);
const other = recorded('oom-startup-python').report;
let server: Awaited<ReturnType<typeof freshRedis>>;
/** Two of them, as two workers are. */
let processes: StormWork[];

beforeEach(async () => {
  server = await freshRedis();
  processes = await Promise.all([stormWork(server.url), stormWork(server.url)]);
});
afterEach(async () => {
  for (const one of processes) await one.close();
  await server.stop();
});

const incident = (name: string, report: Report = waiting, how?: Diagnosed) =>
  processes[0]!.diagnosed(name, report, how);
const stateOf = async (name: string): Promise<IncidentState> => (await processes[0]!.open.stories.read(name))!.state;
const stormsNow = async (): Promise<StormState[]> => {
  const { redis } = processes[0]!;
  const stored = storedIncidents<StormState, never>({ ...redis, keys: stormKeys(redis.keys) }, { schemaVersion: 1 });
  return (await stored.recent(100)).map(({ state }) => state);
};
const opened = async (): Promise<StormState[]> => (await stormsNow()).filter(({ phase }) => phase === 'open');
const names = ({ members }: StormState): string[] => members.map((one) => one.incident).sort();
const each = async <T>(all: T[], work: (one: T, process: StormWork) => Promise<unknown>): Promise<void> => {
  await Promise.all(all.flatMap((one) => processes.map((process) => work(one, process))));
};

describe('whichever worker does it, and however often', () => {
  test('ten incidents of one place, each job done by two workers at once, are one storm with ten members', async () => {
    const all = await Promise.all(Array.from({ length: 10 }, (_, i) => incident(`incident-${i}`)));
    await each(all, (one, { work }) => joinJob(work, one));
    await each(all, (one, { work }) => settleJob(work, one, 60_000));
    const [storm, ...more] = await opened();
    expect(more).toEqual([]);
    await each([storm!], (one, { work }) => checkJob(work, one).then(() => gatherJob(work, one, undefined)));
    expect(names(storm!)).toEqual(all.map(({ id }) => id).sort());
    for (const { id } of all) expect((await stateOf(id)).life).toMatchObject({ storm: storm!.id, held: false });
  });

  test('two are shown each by itself', async () => {
    const all = [await incident('incident-1'), await incident('incident-2')];
    await each(all, (one, { work }) => joinJob(work, one));
    await each(all, (one, { work }) => settleJob(work, one, 60_000));
    expect(await opened()).toEqual([]);
    for (const { id } of all) expect((await stateOf(id)).life).toMatchObject({ storm: '', held: false });
  });

  test('those of two channels are two storms, for nobody reads what stands in another channel', async () => {
    const all = await Promise.all(
      Array.from({ length: 6 }, (_, i) => incident(`incident-${i}`, waiting, { channel: i < 3 ? 'C0OPS' : 'C0TEAM' })),
    );
    for (const one of all) await joinJob(processes[0]!.work, one);
    expect((await opened()).map(({ channel }) => channel).sort()).toEqual(['C0OPS', 'C0TEAM']);
  });
});

test('those that an older version wrote, without what is kept in brief, are counted as they stand', async () => {
  const { work, redis } = processes[0]!;
  for (const i of [1, 2, 3]) await joinJob(work, await incident(`incident-${i}`));
  const [storm] = await opened();
  const gone = { is: 'gone' as const, words: 'It was deleted.', mark: '', soonSeconds: 0 };
  await work.tell('incident-3', { type: 'looked', round: 1, look: gone, mention: '' });
  for (const i of [1, 2, 3]) await redis.client.hdel(redis.keys.incident(`incident-${i}`), 'brief');
  const { members } = await checkJob(work, storm!);
  expect(members.map(({ ended }) => ended)).toEqual(['', '', 'gone']);
});

test('small ones wait for their time, also where they share a cause', async () => {
  const { work } = processes[0]!;
  const digestAt = '2126-11-21T11:00:00.000Z';
  for (const i of [1, 2, 3]) {
    const one = await incident(`incident-${i}`, waiting, { digestAt });
    await joinJob(work, one);
    await settleJob(work, one, 60_000);
    expect((await stateOf(one.id)).life.held).toBe(true);
  }
  expect((await stormsNow()).map(({ subject, phase }) => `${subject.is} ${phase}`)).toEqual(['digest gathering']);
});

describe('what the others wait for', () => {
  const verdict = { ...other.verdict, container: 'postgres' };
  const database = () =>
    incident('ledger-db', { ...other, verdict, target: { ...waiting.target } }, { kind: 'StatefulSet' });
  test.each(['first', 'last'])('belongs to them when its own incident comes %s', async (when) => {
    const { work } = processes[0]!;
    if (when === 'first') await joinJob(work, await database());
    for (const i of [1, 2, 3]) await joinJob(work, await incident(`incident-${i}`));
    if (when === 'last') await joinJob(work, await database());
    const [storm] = await opened();
    expect(storm!.members.find((one) => one.isRoot)?.incident).toBe('ledger-db');
    expect(storm!.root?.summary).toContain('PostgreSQL 14');
  });
});

describe('a member', () => {
  async function ofThree(): Promise<{ work: Work; storm: StormState }> {
    const { work } = processes[0]!;
    for (const i of [1, 2, 3]) await joinJob(work, await incident(`incident-${i}`));
    const [storm] = await opened();
    await gatherJob(work, storm!, undefined);
    return { work, storm: storm! };
  }

  test('that turns out to have another cause gets a card of its own, and the storm counts it no longer', async () => {
    const { work, storm } = await ofThree();
    const { life } = await stateOf('incident-1');
    const look = { is: 'broken' as const, words: '', mark: 'x', soonSeconds: 0 };
    const report = { ...other, target: { ...waiting.target, workload: { kind: 'Deployment', name: 'incident-1' } } };
    await work.tell('incident-1', { type: 'looked', round: life.look.round, look, mention: '', report });
    await joinJob(work, await stateOf('incident-1'));
    expect((await stateOf('incident-1')).life.storm).toBe('');
    const now = (await stormsNow()).find(({ id }) => id === storm.id);
    expect(names(now!)).toEqual(['incident-2', 'incident-3']);
  });

  test('that recovers is told to the storm, which ends with the last of them and opens again when one comes back', async () => {
    const { work, storm } = await ofThree();
    const recover = async (name: string): Promise<void> => {
      const { life } = await stateOf(name);
      const look = { is: 'recovered' as const, words: 'Ready 1 of 1', mark: '', soonSeconds: 0 };
      await work.tell(name, { type: 'looked', round: life.look.round, look, mention: '' });
      await leaveJob(work, await stateOf(name));
    };
    for (const i of [1, 2, 3]) await recover(`incident-${i}`);
    const find = async () => (await stormsNow()).find(({ id }) => id === storm.id)!;
    expect((await find()).phase).toBe('over');
    const { life } = await stateOf('incident-2');
    const look = { is: 'broken' as const, words: '', mark: 'x', soonSeconds: 0 };
    await work.tell('incident-2', { type: 'looked', round: life.look.round, look, mention: '' });
    await joinJob(work, await stateOf('incident-2'));
    expect((await find()).phase).toBe('open');
    expect((await find()).members.filter((one) => one.ended === '').map((one) => one.incident)).toEqual(['incident-2']);
  });
});
