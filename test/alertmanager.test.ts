// A real Alertmanager sends what fires and what is over to the real gateway, by the receiver that deploy/ shows. It runs where
// the program is installed (Debian: prometheus-alertmanager), and listens on this machine alone.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { startBot } from './support/bot.ts';
import { until } from './support/cluster-double.ts';
import { yamlOf } from './support/manifests.ts';
import { freePort } from './support/ports.ts';

const PROGRAMS = ['prometheus-alertmanager', 'alertmanager'];
const program = PROGRAMS.find((name) => {
  try {
    execFileSync(name, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
});

const cleanUps: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

/** The receiver of deploy/ with another address and token file, and without the waiting that groups alerts. */
async function startAlertmanager(bot: Awaited<ReturnType<typeof startBot>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'loopbreaker-alertmanager-'));
  cleanUps.push(() => rm(folder, { recursive: true, force: true }));
  const config = yamlOf('deploy/alertmanager/receiver.yaml');
  const [webhook] = config.receivers.find(({ name }: { name: string }) => name === 'loopbreaker').webhook_configs;
  webhook.url = `http://127.0.0.1:${bot.webhookPort}${new URL(webhook.url).pathname}`;
  webhook.http_config.authorization.credentials_file = join(folder, 'token');
  Object.assign(config.route.routes[0], { group_wait: '100ms', group_interval: '500ms' });
  await writeFile(join(folder, 'token'), bot.token, { mode: 0o600 });
  await writeFile(join(folder, 'alertmanager.yaml'), stringify(config));
  const address = `127.0.0.1:${await freePort()}`;
  const flags = [
    `--config.file=${join(folder, 'alertmanager.yaml')}`,
    `--storage.path=${join(folder, 'data')}`,
    `--web.listen-address=${address}`,
    '--cluster.listen-address=',
    '--log.level=error',
  ];
  const child: ChildProcess = spawn(program ?? '', flags, { stdio: ['ignore', 'ignore', 'inherit'] });
  cleanUps.push(() => child.kill('SIGKILL'));
  await until('Alertmanager', () =>
    fetch(`http://${address}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    ),
  );
  return `http://${address}/api/v2/alerts`;
}

describe.runIf(program)('a real Alertmanager', () => {
  test('what it fires becomes one card, and what it calls over is looked at and stays red while the pod crashes', async () => {
    const bot = await startBot(['bad-rollout-env-removed']);
    cleanUps.push(bot.stop);
    const alerts = await startAlertmanager(bot);
    const [pod] = bot.cluster.store.list('pods').filter(({ metadata }) => metadata.name.startsWith('avatars-'));
    const labels = {
      alertname: 'KubePodCrashLooping',
      severity: 'warning',
      namespace: pod?.metadata.namespace,
      pod: pod?.metadata.name,
      container: 'avatars',
    };
    const startsAt = new Date(Date.now() - 60_000).toISOString();
    const send = async (more: object): Promise<void> => {
      const body = JSON.stringify([{ labels, startsAt, ...more }]);
      const answer = await fetch(alerts, { method: 'POST', body, headers: { 'content-type': 'application/json' } });
      expect(answer.status).toBe(200);
    };
    await send({});
    const card = await bot.saying(/AVATAR_BUCKET/);
    await send({ endsAt: new Date().toISOString() });
    await until('the end in the metrics', async () => /outcome="resolved"[^\n]* 1$/m.test(await metrics(bot)));
    // Heard, and looked at: a card that was only told so would be green.
    expect(bot.cards().map(({ ts }) => ts)).toEqual([card.ts]);
    expect(bot.text(bot.cards()[0]!)).toMatch(/^🔴/);
  });
});

async function metrics({ webhookPort }: { webhookPort: number }): Promise<string> {
  return (await fetch(`http://127.0.0.1:${webhookPort}/metrics`)).text();
}
