// What somebody might try between a plan and its write, and what changes in the meantime: who approves, under which policy,
// for which plan. Redis, clicks, jobs and the wire to Slack and the API server are real; writes are counted on the wire.

import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { policyOf, startDeciding } from './support/deciding.ts';
import { freshQueue } from './support/queue.ts';

const rule = {
  name: 'avatars',
  clusters: ['prod'],
  namespaces: ['users-avatars'],
  actions: ['*'],
  approvers: { users: ['U0ANN', 'U0BOB', 'U0CLEO'], groups: ['S0CALL'] },
};
const withRule = (more: object = {}, file: object = {}) => policyOf({ ...file, approve: [{ ...rule, ...more }] });

let queue: Awaited<ReturnType<typeof freshQueue>>;
let here: Awaited<ReturnType<typeof startDeciding>>;
let group: { id: string; handle: string; users: string[] };
beforeAll(async () => {
  queue = await freshQueue();
});
afterAll(() => queue?.stop());
afterEach(() => here?.stop());

let count = 0;
/** A plan that ann asked for waits for approvals. */
async function waiting(policy = withRule()) {
  group = { id: 'S0CALL', handle: 'on-call', users: ['U0DAN', 'U0EVE'] };
  const people = ['ANN', 'BOB', 'CLEO', 'DAN', 'EVE'].map((name) => ({ id: `U0${name}`, name: name.toLowerCase() }));
  here = await startDeciding(queue.redis, `attack-${++count}`, { people, userGroups: [group], policy });
  expect((await here.ask('U0ANN')).phase).toBe('planned');
  return here;
}

describe('where changes are written in the name of whoever approves', () => {
  const named = (...users: string[]) =>
    withRule({}, { impersonate: users.map((user) => ({ user, as: `${user.toLowerCase()}@example.com` })) });

  test('a click of somebody without a Kubernetes user is refused with the cure', async () => {
    const { press, read } = await waiting(named('U0CLEO'));
    expect(await press('U0BOB', 'approve')).toMatch(/no Kubernetes user for U0BOB.*can add one.*approve who has one/);
    expect((await read()).plan?.approvals).toEqual([]);
  });

  test('the write is refused as well where the policy has changed since the click', async () => {
    const { press, apply, writes, world } = await waiting();
    await press('U0BOB', 'approve');
    world.policy = named('U0CLEO');
    const after = await apply();
    expect(after).toMatchObject({
      phase: 'diagnosed',
      sentence: expect.stringMatching(/for U0BOB.*Nothing was written/),
    });
    expect(writes()).toEqual([]);
  });
});
