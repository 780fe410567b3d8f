// What several incidents wait for is cured from their card: it has the remedies of the thing itself, and no longer has them
// once one is wanted. A real gateway between a real Redis and the Slack double; the worker's jobs as workers run them.

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { IncidentState } from '../src/core/incident/state.ts';
import { startRole } from '../src/demo/bot.ts';
import { type Slack, startSlack } from '../src/demo/slack/server.ts';
import type { Message } from '../src/demo/slack/types.ts';
import { gatherJob, joinJob } from '../src/roles/storms/jobs.ts';
import { buttonOf } from './support/bot.ts';
import { freshRedis } from './support/redis.ts';
import { recorded, withRoot } from './support/slack-story.ts';
import { type StormWork, stormWork } from './support/storm-work.ts';

const SECRETS = { signingSecret: 'test-signing-secret', botToken: 'xoxb-test', appToken: 'xapp-test' };
const waiting = withRoot(recorded('dependency-refused-postgres').report);
const rollout = recorded('bad-rollout-env-removed').report;
/** The database, of which a roll-back is the cure. */
const database = { ...rollout, target: { ...waiting.target, workload: { kind: 'StatefulSet', name: 'ledger-db' } } };
const WAITING = ['incident-1', 'incident-2', 'incident-3'];

let redis: Awaited<ReturnType<typeof freshRedis>>;
let slack: Slack;
let worker: StormWork;
let gateway: Awaited<ReturnType<typeof startRole>>;
beforeAll(async () => {
  redis = await freshRedis();
  worker = await stormWork(redis.url);
  slack = await startSlack({
    mode: 'socket',
    ...SECRETS,
    commands: ['/crashloop'],
    users: [{ id: 'U0ANN', name: 'ann' }],
    channels: [{ id: 'C0OPS', name: 'ops' }],
    rateLimits: false,
  });
  gateway = await startRole('gateway', {
    PATH: process.env.PATH ?? '',
    REDIS_URL: redis.url,
    SLACK_API_URL: slack.apiUrl,
    SLACK_BOT_TOKEN: SECRETS.botToken,
    SLACK_APP_TOKEN: SECRETS.appToken,
    LOOPBREAKER_CLUSTERS: 'prod-eu=context:none',
    LOOPBREAKER_READ: 'C0OPS=prod-eu/*',
    LOOPBREAKER_LOG_LEVEL: 'fatal',
  });
});
afterAll(async () => {
  await gateway?.stop();
  await slack?.stop();
  await worker?.close();
  await redis?.stop();
});

const stateOf = async (name: string): Promise<IncidentState> => (await worker.open.stories.read(name))!.state;
const text = (message: Message): string => slack.lines(message).join('\n');
const card = (): Message | undefined =>
  slack.messages('C0OPS').find((m) => !m.threadTs && /ledger-db is down/.test(text(m)));
const titles = (message: Message | undefined): string[] =>
  (message?.blocks ?? []).flatMap((b) =>
    ((b.elements ?? []) as { type?: string; text?: { text?: string } }[]).flatMap((e) =>
      e.type === 'button' ? (e.text?.text ?? '') : [],
    ),
  );

/** Three wait for the database, which has an incident too. */
async function storm(): Promise<Message> {
  const { work, diagnosed, open } = worker;
  for (const name of WAITING) await joinJob(work, await diagnosed(name, waiting));
  await joinJob(work, await diagnosed('ledger-db', database, { kind: 'StatefulSet' }));
  const [found] = await open.storms.recent(1);
  await gatherJob(work, found!.state, undefined);
  await expect.poll(() => titles(card()), { timeout: 20_000 }).toContain('Roll back to revision 1');
  return card()!;
}

test('a press on the card plans for the database, and the buttons make room for what is being done', async () => {
  const before = await storm();
  expect(titles(before)).not.toContain('I take it');
  expect(text(before)).toContain('The buttons are for ledger-db.');
  await slack.send.click('U0ANN', before, buttonOf(before, /^Roll back/)!);
  await expect.poll(async () => (await stateOf('ledger-db')).phase, { timeout: 10_000 }).toBe('planning');
  for (const name of WAITING) expect((await stateOf(name)).phase).toBe('diagnosed');
  await expect.poll(() => titles(card()), { timeout: 20_000 }).toEqual([]);
  expect(text(card()!)).toMatch(/ledger-db: planning the change/);

  // The same button on a screen that was not drawn anew.
  await slack.send.click('U0ANN', before, buttonOf(before, /^Roll back/)!);
  const told = () => slack.messages('C0OPS', 'U0ANN').filter((m) => m.ephemeralFor);
  await expect.poll(() => told().map(text)).toEqual([expect.stringMatching(/^This button is out of date/)]);
});
