// Somebody sets the clocks of the machines by an hour, ahead and back: what breaks meanwhile gets its card, what waits is
// neither ended nor held up, and nothing is told twice. Processes of their own; only their clocks are another's.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from 'vitest';
import type { Message } from '../src/demo/slack/types.ts';
import { ANN, BOB, type Bot, buttonOf, OPS, startBot } from './support/bot.ts';
import { until } from './support/cluster-double.ts';
import { root, run } from './support/processes.ts';

const HOUR = 3_600_000;
const folder = mkdtempSync(join(tmpdir(), 'loopbreaker-clock-'));
const shifts = join(folder, 'shifts.json');
const preload = new URL('./support/shifted-clock.mjs', import.meta.url).pathname;
/** Also that of the gateway, or only those beside it. */
const set = (roles: string[], aheadMs: number): void =>
  writeFileSync(shifts, JSON.stringify(Object.fromEntries(roles.map((role) => [role, aheadMs]))));

let bot: Bot;
afterEach(() => bot?.stop());
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Of the newest message that has it: Slack may be late to take it away from one before. */
const button = (title: RegExp): Promise<Message> =>
  bot.until(() => bot.all().findLast((message) => buttonOf(message, title)));
const appOf = (index: number): string => `app-${index / bot.cluster.crowd.podsPerDeployment}`;
const cardsOf = (index: number): Message[] =>
  bot
    .cards()
    .filter((m) => new RegExp(`\\b${appOf(index)}\\b`).test(bot.text(m)) && !/broken already/.test(bot.text(m)));

/** What `top` counts in the last hour, by workload. */
async function restarts(): Promise<{ [name: string]: number }> {
  const { stdout } = await run(process.execPath, ['dist/cli/main.js', 'top', '--above', '0', '--json'], {
    cwd: root,
    env: { PATH: process.env.PATH ?? '', REDIS_URL: bot.redis.url },
  });
  const { top } = JSON.parse(stdout.split('\n')[0] ?? '') as { top: { name: string; restarts: number }[] };
  // Some pods of a crowd have nothing above them: `app-3` then stands for `app-3-88cqrc5fz9-00012`.
  return Object.fromEntries(top.map(({ name, restarts: count }) => [name.split('-').slice(0, 2).join('-'), count]));
}

/** How long the gateway says that the oldest job has waited, in seconds. */
async function waiting(): Promise<number[]> {
  const answer = await fetch(`http://127.0.0.1:${bot.webhookPort}/metrics`);
  const said = (await answer.text()).matchAll(/^loopbreaker_queue_oldest_waiting_seconds\{.*\} (\S+)$/gm);
  return [...said].map(([, seconds]) => Number(seconds));
}

/** A pod breaks, and its card comes. */
async function breaks(index: number): Promise<void> {
  bot.cluster.crowd.crash(index, 3);
  await bot.until(() => cardsOf(index)[0]);
}

test.each([
  ['worker and watcher', ['worker', 'watcher']],
  ['gateway, worker and watcher', ['gateway', 'worker', 'watcher']],
])(
  'of %s: an hour ahead, then two hours back',
  async (_, roles) => {
    set(roles, 0);
    bot = await startBot(['bad-rollout-env-removed', 'liveness-wrong-port'], {
      crowd: 40,
      settings: { NODE_OPTIONS: `--import ${preload}`, CLOCK_SHIFTS: shifts },
    });
    bot.cluster.crowd.crash(0, 3);
    await bot.watch();
    await bot.saying(/broken already/);
    await breaks(4);
    await bot.slack.send.command(ANN, OPS, '/crashloop avatars');
    await bot.press(ANN, await button(/^Roll back/), /^Roll back/);
    const plan = await button(/^Approve$/);

    set(roles, HOUR);
    await breaks(8);
    // Longer than what was set ahead needs to show itself in what waits.
    await new Promise((done) => setTimeout(done, 4_000));
    expect(buttonOf(bot.all().find(({ ts }) => ts === plan.ts)!, /^Approve$/)).toBeDefined();
    await bot.press(BOB, plan, /^Approve$/);
    await bot.saying(/Approved by/);

    const queues = await waiting();
    expect(queues.length).toBeGreaterThan(0);
    expect(queues.filter((seconds) => seconds >= 1_800)).toEqual([]);

    set(roles, -HOUR);
    await breaks(12);
    await bot.saying(/recovered at/);
    const { namespace } = bot.cluster.recordings[1]!;
    await bot.slack.send.command(ANN, OPS, `/crashloop ${namespace}/${bot.cluster.recordings[1]!.workload}`);
    await bot.press(ANN, await button(/^Point the/), /^Point the/);
    await bot.press(BOB, await button(/^Approve$/), /^Approve$/);
    set(roles, 0);
    await breaks(16);
    await bot.until(() => (bot.all().filter((m) => /recovered at/.test(bot.text(m))).length > 1 ? plan : undefined));

    const said = bot.all().map(bot.text);
    expect(said.filter((text) => /expired|older than 15 minutes|nobody decided/i.test(text))).toEqual([]);
    for (const index of [4, 8, 12, 16]) expect(cardsOf(index)).toHaveLength(1);
    await until('the past of each', async () => {
      const counted = await restarts();
      return [4, 8, 12, 16].every((index) => counted[appOf(index)] === 3);
    });
    const patches = bot.cluster.requests().filter((r) => r.method === 'PATCH' && r.status === 200 && !r.query.dryRun);
    expect(patches).toHaveLength(2);
  },
  480_000,
);
