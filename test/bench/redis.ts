// What an incident costs in Redis: told by the production story to a real one, with the reports of real recordings, and
// weighed by Redis itself (MEMORY USAGE of every key that carries the incident's id), its lists as the manifests have them.

import { answer } from '../../src/answer.ts';
import { readRecording } from '../../src/cli/recording.ts';
import { again } from '../../src/core/incident/again.ts';
import type { Effect } from '../../src/core/incident/effects.ts';
import type { IncidentEvent } from '../../src/core/incident/events.ts';
import type { IncidentState } from '../../src/core/incident/state.ts';
import type { Report } from '../../src/core/report.ts';
import { postsIn } from '../../src/queue/posts.ts';
import { connect, type RedisConnections } from '../../src/queue/redis.ts';
import { createStories, type Stories } from '../../src/queue/story.ts';
import { JOBS, STORY } from '../../src/roles/story.ts';
import { manifest } from '../support/manifests.ts';
import { recordingDirs } from '../support/recordings.ts';
import { FORGETFUL, redisServer } from '../support/redis-server.ts';
import { atMost, type Bench, median } from './result.ts';

const CHANNEL = 'C0OPS';
const DAYS = 3;
/** As the worker does it: the whole answer is made anew so often. */
const ANSWER_AGAIN_MS = 20 * 60_000;

export const redis: Bench = {
  names: ['redis.bytes-per-incident', 'redis.bytes-per-incident.largest', 'redis.bytes-per-incident.three-days'],
  run: async () => {
    const shipped: string[] = manifest('ConfigMap', 'loopbreaker-redis').data['redis.conf'].split('\n');
    const lists = shipped.filter((line) => line.startsWith('list-'));
    const server = await redisServer({ config: [...FORGETFUL, ...lists] });
    const connection = await connect(server.url);
    try {
      const reports = recordingDirs().flatMap((dir) => answer(readRecording(dir), {}, 'x') ?? []);
      const fresh = [];
      for (const [i, report] of reports.entries()) fresh.push(await played(connection, `fresh-${i}`, report, 0));
      const lasting = [];
      // The whole life of a few: they are all alike in this.
      for (const [i, report] of reports.entries())
        if (i % 15 === 0) lasting.push(await played(connection, `lasting-${i}`, report, DAYS * 86_400_000));
      return [
        atMost('redis.bytes-per-incident', median(fresh), 'bytes', 32_768),
        atMost('redis.bytes-per-incident.largest', Math.max(...fresh), 'bytes', 131_072),
        atMost('redis.bytes-per-incident.three-days', median(lasting), 'bytes', 524_288),
      ];
    } finally {
      await connection.close();
      await server.stop();
    }
  },
};

/** An alert, its diagnosis and its messages; then looked at for so long, without anything new. Answers its bytes. */
async function played(connection: RedisConnections, id: string, report: Report, forMs: number): Promise<number> {
  let now = Date.now() - forMs;
  const stories = createStories<IncidentState, IncidentEvent, Effect>(connection, STORY, {
    jobs: JOBS,
    clock: () => new Date(now),
  });
  const posts = postsIn(connection);
  const { namespace, workload } = report.target;
  const key = `prod/${namespace}/${workload.name}/${id}`;
  const wanted = {
    cluster: 'prod',
    namespace,
    kind: 'pod',
    name: workload.name,
    container: '',
    selector: '',
    allowedNamespaces: ['*'],
  };
  const request = {
    wanted,
    place: { teamId: 'T0DEMO', channel: CHANNEL },
    by: { kind: 'alert' as const, id: 'alertmanager' },
    deliveryId: `${id} 2026-11-21T02:30:00Z`,
    said: 'KubePodCrashLooping: Pod is crash looping.',
    alert: { severity: 'warning', labels: {}, at: new Date(now).toISOString() },
  };
  await stories.open(key, id, { type: 'asked', id, request }, { delivery: request.deliveryId });
  const target = { ...report.target, cluster: 'prod' };
  let { state } = await stories.transition(id, { type: 'diagnosed', target, report });
  await stories.transition(id, { type: 'settled' });
  for (const [i, message] of (['card', 'details'] as const).entries()) {
    await posts.want({ owner: id, name: message, channel: CHANNEL });
    ({ state } = await stories.transition(id, { type: 'posted', message, ts: `1700000000.00010${i}` }));
  }
  if (forMs > 0) state = await lookedAt(stories, state, report, (at) => (now = Math.max(now, at)), now + forMs);
  return bytesOf(connection, id);
}

async function lookedAt(
  stories: Stories<IncidentState, IncidentEvent>,
  first: IncidentState,
  report: Report,
  setClock: (ms: number) => number,
  untilMs: number,
): Promise<IncidentState> {
  let state = first;
  let answeredMs = 0;
  while (state.life.look.dueAt !== '') {
    const at = setClock(Date.parse(state.life.look.dueAt));
    if (at > untilMs) break;
    const isDue = at - answeredMs > ANSWER_AGAIN_MS;
    if (isDue) answeredMs = at;
    const look = {
      is: 'broken' as const,
      words: 'CrashLoopBackOff, 7 restarts',
      mark: 'CrashLoopBackOff',
      soonSeconds: 0,
    };
    const { round } = state.life.look;
    ({ state } = await stories.transition(state.id, {
      type: 'looked',
      round,
      look,
      mention: '',
      ...(isDue ? again(state.report, report) : {}),
    }));
  }
  return state;
}

async function bytesOf({ ask }: RedisConnections, id: string): Promise<number> {
  const keys = await ask((client) => client.keys(`*${id}*`));
  const sizes = await ask((client) => Promise.all(keys.map((key) => client.memory('USAGE', key, 'SAMPLES', 0))));
  return sizes.reduce<number>((sum, bytes) => sum + Number(bytes ?? 0), 0);
}
