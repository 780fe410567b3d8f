// The gateway's own HTTP port: alerts in, health and metrics out. Wires the server to the intake and to what is counted.

import { createMetrics } from '../alerts/metrics.ts';
import { startAlertServer } from '../alerts/server.ts';
import type { Config } from '../config.ts';
import type { Signal, Taken } from '../core/signal.ts';
import { depthOf, outboxDepth } from '../queue/depth.ts';
import type { RedisConnections } from '../queue/redis.ts';
import type { Totals } from '../queue/totals.ts';
import type { Log } from './log.ts';
import { JOBS } from './story.ts';

export interface AlertsSettings {
  webhook: NonNullable<Config['webhook']>;
  redis: RedisConnections;
  totals: Totals;
  take(signals: Signal[]): Promise<Taken[]>;
  log: Log;
}

export function startAlerts({ webhook, redis, totals, take, log }: AlertsSettings) {
  const metrics = createMetrics();
  const alerts = metrics.counter('loopbreaker_alerts_total', 'Alerts by sender and by what became of them.');
  const ready = (): Promise<boolean> =>
    redis
      .ask((client) => client.ping())
      .then(
        () => true,
        () => false,
      );
  metrics.observed('gauge', 'loopbreaker_redis_up', 'Whether Redis answers.', async () => ((await ready()) ? 1 : 0));
  observeQueues(metrics, redis);
  metrics.observed(
    'counter',
    'loopbreaker_incident_events_total',
    'What happened to incidents, over all processes: asked, diagnosed (by cause), approved, verified …',
    async () => (await totals.read()).map(({ name, detail, count }) => [{ event: name, detail }, count]),
  );
  observeProcess(metrics);
  return startAlertServer({
    ...webhook,
    take,
    ready,
    now: redis.now,
    metrics: metrics.text,
    onOutcome: (sender, outcome, count) => alerts.add({ sender, outcome }, count),
    log,
  });
}

type Metrics = ReturnType<typeof createMetrics>;

function observeQueues(metrics: Metrics, redis: RedisConnections): void {
  const queues = [...new Set(Object.values(JOBS).map(({ queue }) => queue))];
  metrics.observed('gauge', 'loopbreaker_queue_jobs', 'Jobs by queue and state.', async () =>
    (await depthOf(redis, queues)).flatMap(({ queue, jobs }) =>
      Object.entries(jobs).map(([state, count]): [{ [name: string]: string }, number] => [{ queue, state }, count]),
    ),
  );
  metrics.observed(
    'gauge',
    'loopbreaker_queue_oldest_waiting_seconds',
    'How long the oldest job that is ready has waited.',
    async () => (await depthOf(redis, queues)).map(({ queue, oldestSeconds }) => [{ queue }, oldestSeconds]),
  );
  metrics.observed('gauge', 'loopbreaker_outbox_effects', 'Effects that are not in a queue yet.', () =>
    outboxDepth(redis),
  );
}

function observeProcess(metrics: Metrics): void {
  const { observed } = metrics;
  observed('gauge', 'process_resident_memory_bytes', 'Memory of this process.', () => process.memoryUsage.rss());
  observed('counter', 'process_cpu_seconds_total', 'CPU time of this process.', () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  });
  observed('gauge', 'process_start_time_seconds', 'When this process began.', () =>
    Math.floor(Date.now() / 1_000 - process.uptime()),
  );
}
