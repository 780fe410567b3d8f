// Diagnosed incidents in a real Redis, and what the jobs of storms are handed: a worker without its cluster.

import type { IncidentState } from '../../src/core/incident/state.ts';
import type { Report } from '../../src/core/report.ts';
import { connect } from '../../src/queue/redis.ts';
import type { Work } from '../../src/roles/jobs/work.ts';
import { openStories } from '../../src/roles/story.ts';
import { request } from './slack-story.ts';

const UID = 'uid-of-the-cluster';

export interface Diagnosed {
  kind?: string;
  channel?: string;
  digestAt?: string;
}

export type StormWork = Awaited<ReturnType<typeof stormWork>>;

export async function stormWork(url: string) {
  const silent = () => undefined;
  const redis = await connect(url);
  const open = openStories(redis, [], { info: silent, warn: silent, error: silent } as never);
  const tell: Work['tell'] = async (incident, event) => (await open.stories.transition(incident, event)).state;
  const storms = { workloads: 3, waitSeconds: 900, perMinute: 10 };
  const work = {
    now: redis.now,
    tell,
    storms: open.storms,
    incidents: open.stories,
    briefs: open.briefs,
    config: { storms },
  } as unknown as Work;

  /** A diagnosed incident that nobody has seen yet. */
  async function diagnosed(
    name: string,
    report: Report,
    { kind = 'Deployment', channel = 'C0OPS', digestAt = '' }: Diagnosed = {},
  ): Promise<IncidentState> {
    const { namespace } = report.target;
    const own: Report = { ...report, target: { ...report.target, workload: { kind, name } } };
    const alert = { severity: 'warning', labels: {}, at: '2026-11-21T10:00:00Z' };
    const asked = { ...request(), by: { kind: 'alert' as const, id: 'alertmanager' }, alert };
    await open.stories.transition(name, { type: 'asked', id: name, request: asked });
    const container = report.verdict.container;
    const key = [UID, namespace, kind, name, container].join('/');
    await open.stories.take(key, name, {
      type: 'identified',
      identity: { key, kind, name, container },
      channel,
      route: { rule: '', mention: '', digestAt },
      former: null,
      mute: null,
    });
    const target = { cluster: 'prod-eu', namespace, workload: { kind, name } };
    return tell(name, { type: 'diagnosed', target, report: own });
  }

  const close = async (): Promise<void> => {
    await open.close();
    await redis.close();
  };
  return { redis, open, work, diagnosed, close };
}
