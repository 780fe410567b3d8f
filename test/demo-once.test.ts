// One incident without a browser: played to the end, or ended at once with the words that say why not.

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { App } from '@slack/bolt';
import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { playOnce } from '../src/demo/once.ts';
import { ANN, BOB, CHANNEL, type Demo } from '../src/demo/start.ts';
import { cardOf } from '../src/slack/card.ts';
import { type Bolt, startBolt } from './support/bolt-app.ts';
import { freshRedis } from './support/redis.ts';
import { asked, tell } from './support/slack-story.ts';

const NEAREST = 'No pod or workload named "avatars" in this cluster. Near: avatar.';

let bolt: Bolt | undefined;
afterEach(async () => {
  vi.restoreAllMocks();
  await bolt?.stop();
  bolt = undefined;
});

/** What is said on standard error when the command is answered so. */
async function played(answer: (app: App) => void): Promise<{ recovered: boolean; said: string }> {
  bolt = await startBolt('socket', answer, {
    users: [
      { id: ANN, name: 'ann' },
      { id: BOB, name: 'bob' },
    ],
    channels: [{ id: CHANNEL, name: 'on-call' }],
  });
  let said = '';
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    said += String(text);
    return true;
  });
  const demo = { slack: bolt.slack, onBotExit: () => {} } as unknown as Demo;
  return { recovered: await playOnce(demo), said };
}

test('a card that says no ends it with the words of the card', async () => {
  const { recovered, said } = await played((app) => {
    app.command('/crashloop', async ({ ack, client }) => {
      await ack();
      const state = tell('2026-11-21T02:28:25Z', [...asked(), [0.1, { type: 'refused', sentence: NEAREST }]]);
      await client.chat.postMessage({
        channel: CHANNEL,
        ...cardOf(state, { someoneMayApprove: true, remediation: true }),
      });
    });
  });
  expect(recovered).toBe(false);
  expect(said).toContain(`loopbreaker: The demo waited for a card with a rollback; the card says: ⚪ ${NEAREST}`);
});

test('a refusal for the person who typed ends it too', async () => {
  const { recovered, said } = await played((app) => {
    app.command('/crashloop', async ({ ack, respond }) => {
      await ack();
      await respond('I may not read anything from this channel.');
    });
  });
  expect(recovered).toBe(false);
  expect(said).toContain('was told: I may not read anything from this channel.');
});

test('a command that nobody takes ends it', async () => {
  const { recovered, said } = await played(() => {});
  expect(recovered).toBe(false);
  expect(said).toMatch(/loopbreaker: The bot did not take the command \(operation_timeout|dispatch_failed\)/);
});

test('the demo plays a rollout that dropped a variable from the command to recovered', async () => {
  const main = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
  const redis = await freshRedis();
  onTestFinished(redis.stop);
  const child = fork(main, ['demo', '--once'], {
    env: { ...process.env, NODE_OPTIONS: '', NO_COLOR: '1', REDIS_URL: redis.url },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  let said = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const [code] = await once(child, 'exit');
  expect(said).toContain('The variable AVATAR_BUCKET is not set');
  expect(said).toContain('env AVATAR_BUCKET added');
  expect(said).toMatch(/🟢 avatars recovered at \d\d:\d\d UTC · .* rolled back to revision 1/);
  expect(said).toMatch(/From command to recovered in \d+ s\./);
  expect(code).toBe(0);
});
