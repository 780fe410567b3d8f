// Slack goes away and comes back: the gateway lives, and what was asked meanwhile is answered.

import { afterEach, expect, test } from 'vitest';
import { startRole } from '../src/demo/bot.ts';
import { startSlack } from '../src/demo/slack/server.ts';
import { freePort } from './support/ports.ts';
import { freshRedis } from './support/redis.ts';

const cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

test('a gateway whose Slack was away for a while takes commands again without a restart', async () => {
  const redis = await freshRedis();
  cleanUps.push(redis.stop);
  const port = await freePort();
  const open = () =>
    startSlack({
      mode: 'socket',
      botToken: 'xoxb-test',
      appToken: 'xapp-test',
      signingSecret: 'test-signing-secret',
      commands: ['/crashloop'],
      users: [{ id: 'U0ANN', name: 'ann' }],
      channels: [{ id: 'C0OPS', name: 'ops' }],
      port,
    });
  const first = await open();
  const gateway = await startRole('gateway', {
    PATH: process.env.PATH ?? '',
    REDIS_URL: redis.url,
    SLACK_API_URL: first.apiUrl,
    SLACK_BOT_TOKEN: 'xoxb-test',
    SLACK_APP_TOKEN: 'xapp-test',
    LOOPBREAKER_LOG_LEVEL: 'fatal',
  });
  cleanUps.push(gateway.stop);
  await first.stop();
  await new Promise((done) => setTimeout(done, 7_000));
  expect(gateway.child.exitCode).toBeNull();

  const second = await open();
  cleanUps.push(second.stop);
  const end = Date.now() + 100_000;
  while (second.socket.connections() === 0 && Date.now() < end) await new Promise((done) => setTimeout(done, 100));
  await second.send.command('U0ANN', 'C0OPS', '/crashloop api');
  while (Date.now() < end && second.messages('C0OPS', 'U0ANN').length === 0)
    await new Promise((done) => setTimeout(done, 50));
  expect(second.messages('C0OPS', 'U0ANN').map((m) => second.lines(m).join(' '))[0]).toContain('may not read');
});
