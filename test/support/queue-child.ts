// A process that is killed in the middle of its work by the queue's tests. `relay` moves the outbox; `worker` takes jobs,
// says so over IPC, and never ends one; `idle` opens everything, closes it when told to, and must then end by itself.

import { createQueues } from '../../src/queue/jobs.ts';
import { connect } from '../../src/queue/redis.ts';
import { startRelay } from '../../src/queue/relay.ts';
import { startWorker } from '../../src/queue/worker.ts';
import { jobs, storiesOn } from './queue.ts';

const part = process.argv[2];
const redis = await connect(process.env.QUEUE_TEST_URL ?? '');

const workOn = (queue: string, handler: () => Promise<void>) =>
  startWorker(redis, { queue, jobs, handlers: { look: handler, post: handler }, onFailedForGood: async () => {} });

if (part === 'relay') {
  startRelay(redis, createQueues(redis, jobs), { takenForMs: 300 });
} else if (part === 'worker') {
  workOn('worker', async () => {
    process.send?.('took');
    await new Promise(() => setInterval(() => {}, 1_000));
  });
} else {
  let worked = () => {};
  const work = new Promise<void>((resolve) => {
    worked = resolve;
  });
  const queues = createQueues(redis, jobs);
  const relay = startRelay(redis, queues);
  const workers = [workOn('worker', async () => worked()), workOn('gateway', async () => {})];
  await storiesOn(redis).transition('i1', { say: 'hello', jobs: [{ job: 'look' }] });
  await work;
  process.once('message', async () => {
    await Promise.all(workers.map((worker) => worker.close({ capMs: 500 })));
    await relay.close();
    await queues.close();
    await redis.close();
    process.disconnect?.();
  });
}
process.send?.('ready');
