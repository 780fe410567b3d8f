// The life of an incident over the whole path: real Redis, the bot as its own processes, Slack and the cluster as doubles.

import { afterEach, describe, expect, test } from 'vitest';
import { ANN, BOB, type Bot, buttonOf, OPS, startBot, TEAM } from './support/bot.ts';
import { strategic } from './support/cluster-double.ts';

let bot: Bot;
afterEach(async () => {
  await bot.stop();
});

const NAMESPACE = 'users-avatars';
const avatars = { namespace: NAMESPACE, pod: 'avatars-5778979d57-9c9rc', container: 'avatars' };
const deployment = `/apis/apps/v1/namespaces/${NAMESPACE}/deployments/avatars`;
const heal = {
  spec: { template: { spec: { containers: [{ name: 'avatars', env: [{ name: 'AVATAR_BUCKET', value: 'b' }] }] } } },
};

describe('one workload is one incident', () => {
  test('two alerts about it, by pod and by workload, are one card that counts; a question about it has a link', async () => {
    bot = await startBot(['bad-rollout-env-removed']);
    expect(await bot.alert([{ fingerprint: 'a', labels: avatars }])).toBe(200);
    const card = await bot.saying(/AVATAR_BUCKET.*\n(.*\n)*Told by Alertmanager/);
    const other = { alertname: 'KubeDeploymentReplicasMismatch', namespace: NAMESPACE, deployment: 'avatars' };
    expect(await bot.alert([{ fingerprint: 'b', labels: other }])).toBe(200);
    await bot.saying(/seen 2 times/);
    expect(bot.cards()).toHaveLength(1);

    await bot.slack.send.command(ANN, TEAM, '/crashloop avatars');
    const answer = await bot.saying(/There is an open incident for this/, TEAM);
    expect(JSON.stringify(answer.blocks)).toContain(`archives/${OPS}/p${card.ts.replace('.', '')}`);
  }, 480_000);
});

describe('an incident ends by what the cluster shows', () => {
  test('a resolved alert alone leaves the card red; after somebody mended it by hand the card turns green', async () => {
    bot = await startBot(['bad-rollout-env-removed'], { clockSpeed: 20 });
    await bot.alert(['a', 'b'].map((fingerprint) => ({ fingerprint, labels: avatars })));
    const card = await bot.saying(/AVATAR_BUCKET/);
    const reads = bot.cluster.requests().length;
    await bot.alert([{ fingerprint: 'a', status: 'resolved', labels: avatars }]);
    await bot.until(() => (bot.cluster.requests().length > reads ? card : undefined));
    expect(bot.cards().map(bot.text).join()).not.toContain('recovered');

    expect((await bot.kubectl('PATCH', deployment, heal, strategic)).status).toBe(200);
    await bot.alert([{ fingerprint: 'b', status: 'resolved', labels: avatars }]);
    const green = await bot.saying(/🟢 avatars recovered at .*without a change of mine/);
    expect(green.ts).toBe(card.ts);
  }, 480_000);

  test('a workload that was deleted ends it with that word', async () => {
    bot = await startBot(['bad-rollout-env-removed']);
    await bot.alert([{ fingerprint: 'a', labels: avatars }]);
    await bot.saying(/AVATAR_BUCKET/);
    expect((await bot.kubectl('DELETE', deployment)).status).toBe(200);
    await bot.alert([{ fingerprint: 'a', status: 'resolved', labels: avatars }]);
    await bot.saying(/avatars is gone: Deployment avatars was deleted/);
  }, 480_000);
});

describe('people', () => {
  test('one takes it and hands it over; it is muted for a while with a reason, and the card says who', async () => {
    bot = await startBot(['bad-rollout-env-removed']);
    await bot.alert([{ fingerprint: 'a', labels: avatars }]);
    const card = await bot.until(() => bot.cards().find((m) => buttonOf(m, /^I take it$/)));
    await bot.press(ANN, card, /^I take it$/);
    const taken = await bot.saying(/@ann takes care of it/);
    await bot.press(ANN, taken, /^Hand over/);
    const handing = (await opened(ANN)) as { id: string };
    await bot.slack.send.submitView(ANN, handing.id, { whom: BOB });
    const handed = await bot.saying(/@bob takes care of it/);

    const [ways] = bot.slack.messages(OPS).flatMap((m) => (m.ts === handed.ts ? optionsOf(m) : []));
    expect(ways?.titles).toContain('Mute…');
    await bot.slack.send.click(BOB, handed, ways?.action ?? '', { choice: ways?.valueOf('Mute…') });
    const muting = (await opened(BOB)) as { id: string };
    await bot.slack.send.submitView(BOB, muting.id, { length: '14400', reason: 'the bucket moves today' });
    await bot.saying(/muted until .* by @bob: the bucket moves today/);
  }, 480_000);
});

async function opened(user: string): Promise<unknown> {
  for (let left = 200; left > 0; left--) {
    const [view] = bot.slack.views(user);
    if (view) return view;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error('no modal was opened');
}

/** The lists of a message: what can be chosen in them. */
function optionsOf(message: { blocks: unknown[] }) {
  type Option = { text: { text: string }; value: string };
  type Element = { type: string; action_id: string; options?: Option[] };
  return (message.blocks as { elements?: Element[] }[])
    .flatMap((block) => block.elements ?? [])
    .filter((element) => element.type === 'static_select')
    .map(({ action_id: action, options = [] }) => ({
      action,
      titles: options.map((one) => one.text.text),
      valueOf: (title: string) => options.find((one) => one.text.text === title)?.value,
    }));
}
