// A policy file from the first click to the audit, with the bot as its own two processes: two people, a typed name, a kill
// switch that is thrown in between, one write, and a journal that fits what the card noted.

import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { stringify } from 'yaml';
import { startRole } from '../src/demo/bot.ts';
import { startCluster } from '../src/demo/cluster/cluster.ts';
import { demoAccess } from '../src/demo/recordings.ts';
import { startSlack } from '../src/demo/slack/server.ts';
import type { Message } from '../src/demo/slack/types.ts';
import { botSettings, SLACK_SECRETS } from './support/bot-settings.ts';
import { folderOf } from './support/cluster.ts';
import { freshRedis } from './support/redis.ts';

const OPS = 'C0OPS';
const main = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));

const policy = (remediation: 'on' | 'off') =>
  stringify({
    version: 1,
    remediation,
    read: [{ channel: OPS, clusters: ['prod'], namespaces: ['*'] }],
    approve: [
      {
        name: 'two of on-call',
        clusters: ['prod'],
        namespaces: ['users-*'],
        actions: ['rollback'],
        approvers: { groups: ['S0CALL'] },
        minimum: 2,
        typedConfirmation: true,
      },
    ],
  });

test('two people approve by name, the kill switch is obeyed meanwhile, and the audit fits the card', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'loopbreaker-policy-path-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const redis = await freshRedis();
  onTestFinished(redis.stop);
  const cluster = await startCluster({
    recordings: [folderOf('bad-rollout-env-removed')],
    clockSpeed: 4,
    access: { worker: demoAccess() },
  });
  onTestFinished(cluster.stop);
  const slack = await startSlack({
    mode: 'socket',
    ...SLACK_SECRETS,
    commands: ['/crashloop'],
    users: ['ann', 'bob', 'cleo'].map((name) => ({ id: `U0${name.toUpperCase()}`, name })),
    channels: [{ id: OPS, name: 'ops' }],
    userGroups: [{ id: 'S0CALL', handle: 'on-call', users: ['U0ANN', 'U0BOB', 'U0CLEO'] }],
  });
  onTestFinished(slack.stop);
  const env = {
    ...(await botSettings({ folder, redisUrl: redis.url, cluster, slack, policy: policy('on') })),
    LOOPBREAKER_LOG_LEVEL: 'silent',
  };
  const roles = await Promise.all((['worker', 'gateway'] as const).map((role) => startRole(role, env)));
  onTestFinished(() => Promise.all(roles.map((role) => role.stop())).then(() => {}));

  const lines = (message: Message) => slack.lines(message).join('\n');
  const find = (seen: (message: Message) => unknown, user?: string) =>
    expect
      .poll(() => slack.messages(OPS, user).find(seen), { timeout: 25_000, interval: 50 })
      .toBeDefined()
      .then(() => slack.messages(OPS, user).find(seen) as Message);
  const button = (message: Message, title: RegExp): string | undefined =>
    message.blocks
      .flatMap((block) => (block.elements ?? []) as { action_id?: string; text?: { text?: string } }[])
      .find((element) => title.test(element.text?.text ?? ''))?.action_id;
  const press = async (user: string, message: Message, title: RegExp) => {
    const now = slack.messages(OPS).find((one) => one.ts === message.ts) ?? message;
    await slack.send.click(user, now, button(now, title) ?? '');
  };
  const approve = async (user: string, message: Message) => {
    await press(user, message, /^Approve$/);
    await expect.poll(() => slack.views(user).length, { timeout: 10_000 }).toBe(1);
    await slack.send.submitView(user, slack.views(user)[0]!.id, { text: 'avatars' });
  };
  const turn = async (remediation: 'on' | 'off') => {
    await writeFile(join(folder, 'policy.yaml'), policy(remediation));
    for (const { child } of roles) child.kill('SIGHUP');
  };

  await slack.send.command('U0ANN', OPS, '/crashloop avatars');
  const card = await find((m) => button(m, /^Roll back/));
  await press('U0ANN', card, /^Roll back/);
  const plan = await find((m) => button(m, /^Approve$/));
  await approve('U0BOB', plan);
  await find((m) => /Your approval counts\. 1 more person has to approve/.test(lines(m)), 'U0BOB');

  await turn('off');
  await press('U0CLEO', plan, /^Approve$/);
  await find((m) => /Changes are switched off/.test(lines(m)), 'U0CLEO');
  await turn('on');
  // The file is in force once a click is answered by it: with the modal.
  await expect
    .poll(
      async () => {
        await press('U0CLEO', plan, /^Approve$/);
        return slack.views('U0CLEO').length;
      },
      { timeout: 10_000, interval: 500 },
    )
    .toBeGreaterThan(0);
  await slack.send.submitView('U0CLEO', slack.views('U0CLEO').at(-1)!.id, { text: 'avatars' });

  const done = await find((m) => /recovered at/.test(lines(m)));
  expect(done.ts).toBe(card.ts);
  expect(lines(done)).toMatch(/after approval by @bob and @cleo/);
  const writes = cluster.requests().filter((r) => r.method === 'PATCH' && !r.query.dryRun && r.status === 200);
  expect(writes).toHaveLength(1);

  const [, incident = '', head = ''] = /Audit: ([\w-]+) (\d+:[0-9a-f]{16})/.exec(lines(done)) ?? [];
  const audit = spawnSync(process.execPath, [main, 'audit', incident, '--verify', '--head', head], {
    encoding: 'utf8',
    env: { ...env, NO_COLOR: '1' },
  });
  expect(audit.stderr).toBe('');
  expect(audit.stdout).toMatch(/U0BOB\s+approved plan [0-9a-f]{32}, as a member of S0CALL, typed its name, policy/);
  expect(audit.stdout).toMatch(/U0CLEO\s+approved plan/);
  expect(audit.stdout).toContain('every seal fits, 1 noted head fits, and the state follows from it.');
});
