// The API server goes away in the middle of a write, for longer than the job tries: what it did is found and watched.

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Work } from '../src/roles/jobs/work.ts';
import { policyOf, startDeciding } from './support/deciding.ts';
import { freshQueue } from './support/queue.ts';

const rule = {
  name: 'on-call',
  clusters: ['prod'],
  namespaces: ['users-avatars'],
  actions: ['*'],
  approvers: { users: ['U0BOB'] },
};

let queue: Awaited<ReturnType<typeof freshQueue>>;
beforeAll(async () => {
  queue = await freshQueue();
});
afterAll(() => queue?.stop());

test('a write that was done though the job had to give up is not asked for again, and is watched', async () => {
  const here = await startDeciding(queue.redis, 'lost-answer', {
    people: ['U0ANN', 'U0BOB'].map((id) => ({ id, name: id.toLowerCase() })),
    policy: policyOf({ approve: [rule] }),
  });
  const { ask, press, apply, read, tell, writes, work, stop } = here;
  try {
    await ask('U0ANN');
    await press('U0BOB', 'approve');
    const silent: Work = {
      ...work,
      tell: (id, event) => (event.type === 'applied' ? Promise.reject(new Error('no answer')) : work.tell(id, event)),
    };
    await expect(apply(undefined, silent)).rejects.toThrow('no answer');
    const sentence = 'The API server of prod does not answer.';
    await tell({ type: 'gave-up', job: 'apply', sentence });
    expect(await read()).toMatchObject({ phase: 'applying', sentence: expect.stringContaining('I look again') });
    await apply();
    expect(await read()).toMatchObject({ phase: 'verifying', sentence: '', operation: { undo: expect.anything() } });
    expect(writes()).toHaveLength(1);
  } finally {
    await stop();
  }
});
