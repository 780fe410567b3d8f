// Two gateways beside each other, as a Deployment with two replicas: whichever of them Slack or a sender reaches, each
// message is posted once, each press counts once, and what one of them had taken when it was killed, the other carries on.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startRole } from '../src/demo/bot.ts';
import type { Message } from '../src/demo/slack/types.ts';
import { ANN, BOB, type Bot, buttonOf, eventsOf, OPS, startBot } from './support/bot.ts';
import { freePort } from './support/ports.ts';

const ALERTED = ['oom-startup-python', 'config-key-renamed-optional', 'readonly-rootfs-nginx'];

describe.each(['http', 'socket'] as const)('in %s mode', (mode) => {
  let bot: Bot;
  let second: Awaited<ReturnType<typeof startRole>>;
  const ports = { slack: 0, webhook: 0 };
  beforeAll(async () => {
    bot = await startBot(['bad-rollout-env-removed', ...ALERTED, 'silent-exit'], { mode });
    ports.slack = await freePort();
    ports.webhook = await freePort();
    second = await startRole('gateway', {
      ...bot.env,
      LOOPBREAKER_SLACK_PORT: String(ports.slack),
      LOOPBREAKER_WEBHOOK_PORT: String(ports.webhook),
    });
    bot.onStop(second.stop);
  });
  afterAll(() => bot?.stop());

  const alerted = () => bot.cluster.recordings.slice(1, 1 + ALERTED.length);
  /** In HTTP mode the next request goes to the other one; in socket mode Slack takes turns by itself. */
  let turn = 0;
  const other = (): void => {
    turn += 1;
    const { LOOPBREAKER_SLACK_PORT } = bot.env;
    if (mode === 'http') bot.slack.setAppUrl(eventsOf(turn % 2 === 0 ? Number(LOOPBREAKER_SLACK_PORT) : ports.slack));
  };
  const button = (title: RegExp) => bot.until(() => bot.all().find((message) => buttonOf(message, title)));
  const keyOf = ({ metadata }: Message): string => {
    const { event_payload: about } = (metadata ?? {}) as { event_payload?: { owner?: string; name?: string } };
    return about ? `${about.owner}/${about.name}` : '';
  };
  const patches = () =>
    bot.cluster.requests().filter((r) => r.method === 'PATCH' && r.status === 200 && !r.query.dryRun);

  test('an alert that reaches both at once, as from a pair of Alertmanagers, becomes one card', async () => {
    if (mode === 'socket') expect(bot.slack.socket.connections()).toBe(2);
    for (const [i, { namespace }] of alerted().entries()) {
      const [pod] = (await bot.kubectl('GET', `/api/v1/namespaces/${namespace}/pods`)).json.items;
      const labels = { namespace, pod: pod.metadata.name, container: pod.spec.containers[0].name };
      const same = [{ fingerprint: `f${i}`, labels }];
      const answers = await Promise.all([bot.alert(same), bot.alert(same, ports.webhook), bot.alert(same)]);
      expect(answers).toEqual([200, 200, 200]);
    }
    for (const { workload } of alerted()) await bot.saying(new RegExp(workload));
    expect(bot.cards()).toHaveLength(ALERTED.length);
  });

  test('command, choice and approvals may each reach another one; the change is written once', async () => {
    await bot.slack.send.command(ANN, OPS, '/crashloop avatars');
    const card = await button(/^Roll back/);
    other();
    await bot.press(ANN, card, /^Roll back/);
    const plan = await button(/^Approve$/);
    other();
    const one = bot.press(BOB, plan, /^Approve$/);
    other();
    await Promise.all([one, bot.press(ANN, plan, /^Approve$/)]);
    await bot.saying(/recovered at/);
    expect(patches()).toHaveLength(1);
    expect(bot.cards()).toHaveLength(ALERTED.length + 1);
  });

  test('one that is killed just when a card was posted leaves the rest to the other; nothing stands twice', async () => {
    const { namespace, workload } = bot.cluster.recordings.at(-1)!;
    const killed = new Promise<void>((resolve) => {
      const deaf = bot.slack.listen((change) => {
        if (change.type !== 'posted' || !bot.text(change.message).includes(workload)) return;
        second.child.kill('SIGKILL');
        deaf();
        resolve();
      });
    });
    await bot.slack.send.command(ANN, OPS, `/crashloop ${namespace}/${workload}`);
    await killed;
    const card = await bot.until(() => bot.cards().find((message) => bot.text(message).includes(workload)));
    await bot.until(() => bot.all().find(({ threadTs, ts }) => threadTs === card.ts && ts !== card.ts));
    const keys = bot.all().map(keyOf).filter(Boolean);
    expect(keys.length).toBeGreaterThan(2 * ALERTED.length);
    expect(keys.filter((key, i) => keys.indexOf(key) !== i)).toEqual([]);
  });
});
