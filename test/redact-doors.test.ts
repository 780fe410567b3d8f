// What does not come through logs of a pod: words of Redis, of Slack, of senders of alerts and of people. Nothing of a
// secret in them reaches our own log, Redis or a message. Every secret here is made up.

import { spawn } from 'node:child_process';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readSignals } from '../src/alerts/formats.ts';
import type { Sender } from '../src/core/sender.ts';
import { whyNotTyped } from '../src/core/typed-value.ts';
import { createLog } from '../src/roles/log.ts';
import { bounded } from '../src/slack/gesture.ts';
import { folderWith, root } from './support/processes.ts';

const token = ['xox', 'b-123456789012-1234567890123-AbCdEfGhIjKlMnOpQrStUvWx'].join('');
const password = 'Sup3r-Redis-Pw';

describe('our own log', () => {
  const logged = (write: (log: ReturnType<typeof createLog>) => void): Record<string, unknown> => {
    const lines: string[] = [];
    write(createLog('info', 'worker', [password, 'tiny'], { write: (line) => void lines.push(line) }));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/\n$/);
    return JSON.parse(lines[0]!);
  };

  test('hides the token of an error', () => {
    const line = logged((log) => log.error({ error: `Error: refused, sent was Bearer ${token}` }, 'not sent'));
    expect(line).toMatchObject({ role: 'worker', msg: 'not sent' });
    expect(line.error).toMatch(/^Error: refused, sent was Bearer ‹hidden /);
  });

  test('hides what an error carries deep inside', () => {
    const error = Object.assign(new Error('boom'), { config: { headers: { 'X-Api-Key': `k ${token}` } } });
    expect(JSON.stringify(logged((log) => log.error({ err: error }, 'boom')))).not.toContain(token.slice(5));
  });

  test('hides a secret of our own settings, which nothing but its value tells', () => {
    const line = logged((log) => log.warn(`the other side says: no user of "${password}" is known`));
    expect(line.msg).toBe('the other side says: no user of "‹hidden setting›" is known');
  });

  test('says the rest as it was', () => {
    const head = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';
    const line = logged((log) => log.info({ incident: 'i-7', version: 3, head, event: 'asked' }, 'a tiny journal'));
    expect(line).toMatchObject({ level: 30, incident: 'i-7', version: 3, head, event: 'asked', msg: 'a tiny journal' });
  });
});

describe('a role as a process of its own', () => {
  /** Knows no command, and repeats what it was sent, as Redis and its proxies do. */
  const repeating: Server = createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', (sent) => {
      for (const one of sent
        .toString()
        .split(/\*\d+\r\n/)
        .filter(Boolean)) {
        const [command, ...words] = one.split('\r\n').filter((part) => part !== '' && !/^\$\d/.test(part));
        const repeated = words.map((word) => `'${word}'`).join(' ');
        socket.write(`-ERR unknown command '${command}', with args beginning with: ${repeated}\r\n`);
      }
    });
  });
  beforeAll(() => new Promise<void>((done) => repeating.listen(0, '127.0.0.1', () => done())));
  afterAll(() => new Promise<void>((done) => repeating.close(() => done())));

  const kubeconfig = `apiVersion: v1
kind: Config
clusters: [{name: c, cluster: {server: "https://127.0.0.1:1"}}]
users: [{name: u, user: {token: Kube-T0ken-1234567}}]
contexts: [{name: prod, context: {cluster: c, user: u}}]
`;

  /** All that it prints until it ends. */
  function printed(env: NodeJS.ProcessEnv, nodeFlags: string[] = []): Promise<string> {
    const address = repeating.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const child = spawn(
      process.execPath,
      [...nodeFlags, '--import', 'tsx', join(root, 'src/main.ts'), '--role', 'worker'],
      {
        cwd: root,
        env: {
          PATH: process.env.PATH,
          KUBECONFIG: join(folderWith({ config: kubeconfig }), 'config'),
          REDIS_URL: `redis://orders:${password}@127.0.0.1:${port}/0`,
          SLACK_BOT_TOKEN: token,
          SLACK_APP_TOKEN: 'xapp-1-A0123-456',
          LOOPBREAKER_CLUSTERS: 'prod=context:prod',
          ...env,
        },
      },
    );
    return new Promise((done) => {
      let all = '';
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (all += text));
      child.on('close', () => done(all));
    });
  }

  test('does not print the password that Redis repeats', { timeout: 60_000 }, async () => {
    const all = await printed({});
    expect(all).toContain('is away');
    expect(all).not.toContain(password);
  });

  test('does not print the headers of an error that nobody caught', { timeout: 60_000 }, async () => {
    const thrower = `const t=setInterval(()=>{if(process.listenerCount('uncaughtException')===0)return;clearInterval(t);
      throw Object.assign(new Error('not sent with ${token}'),{config:{headers:{Authorization:'Bearer ${token}'}}})},20)`;
    const all = await printed({}, ['--import', `data:text/javascript,${encodeURIComponent(thrower)}`]);
    expect(all).toContain('an error that nobody expected');
    expect(all).not.toContain(token.slice(5));
  });

  test('does not print a token that was put into the wrong setting', { timeout: 60_000 }, async () => {
    const all = await printed({ LOOPBREAKER_CLUSTERS: token });
    expect(all).toContain('LOOPBREAKER_CLUSTERS');
    expect(all).not.toContain(token.slice(5));
  });
});

describe('an alert', () => {
  const sender = { name: 'alertmanager', format: 'alertmanager', cluster: '', auth: { none: true } } as Sender;
  const labels = {
    alertname: `KubePodCrashLooping ${token}`,
    severity: 'critical',
    namespace: 'shop',
    pod: 'orders-7c4cf845f9-bh4cf',
    container: 'api',
    uid: '0f6c1a2b-3d4e-4f5a-8b7c-9d0e1f2a3b4c',
    secret: 'orders-db',
    db_password: 'hunter2-prod',
    runbook: `https://bot:hunter2-prod@wiki.example.com/${'x'.repeat(460)}?token=${token}`,
  };
  const body = {
    version: '4',
    alerts: [{ status: 'firing', labels, startsAt: '2026-07-01T12:00:00Z', fingerprint: 'f1' }],
  };

  test('is taken without the secrets of its title and labels, and means the same pod', () => {
    const { signals } = readSignals(body, sender, '2026-07-01T12:00:00Z');
    expect(JSON.stringify(signals)).not.toMatch(/hunter2|AbCdEfGh/);
    expect(signals[0]).toMatchObject({ namespace: 'shop', kind: 'Pod', name: labels.pod, container: 'api' });
    expect(signals[0]?.title).toMatch(/^KubePodCrashLooping ‹hidden /);
    expect(signals[0]?.labels).toMatchObject({
      uid: labels.uid,
      secret: 'orders-db',
      db_password: '‹hidden password›',
    });
    expect(readSignals(body, sender, '2026-07-02T12:00:00Z').signals[0]?.deliveryId).toBe(signals[0]?.deliveryId);
  });

  test('that names nothing is declined without its secrets', () => {
    const { declined } = readSignals(
      { ...body, alerts: [{ ...body.alerts[0], labels: { alertname: labels.alertname } }] },
      sender,
      '2026-07-01T12:00:00Z',
    );
    expect(declined.join()).toMatch(/^KubePodCrashLooping ‹hidden slack-token› names no pod/);
  });
});

describe('what somebody types in Slack', () => {
  const did = { id: '1', at: '2026-07-01T12:00:00Z', user: 'U1', userTeam: 'T1', channel: 'C1' };
  const click = { is: 'click', ...did, messageTs: '1.2', value: 'reject', triggerId: '' } as const;

  test('is noted without a secret, and a command means what it meant', () => {
    expect(bounded({ is: 'command', ...did, text: 'deploy/orders -n shop' })).toMatchObject({
      text: 'deploy/orders -n shop',
    });
    expect(JSON.stringify(bounded({ is: 'command', ...did, text: `orders DB_PASSWORD=hunter2 ${token}` }))).not.toMatch(
      /hunter2|AbCdEfGh/,
    );
  });

  test('as a reason is noted without a secret', () => {
    const { entered } = bounded({
      ...click,
      entered: { reason: 'the password is: hunter2-x, ask kim' },
    }) as typeof click & {
      entered: { reason: string };
    };
    expect(entered.reason).not.toContain('hunter2');
    expect(bounded({ ...click, entered: { reason: 'not before Monday', muteSeconds: 60 } })).toEqual({
      ...click,
      entered: { reason: 'not before Monday', muteSeconds: 60 },
    });
  });

  test('as a value that is a secret is noted without it, and then refused', () => {
    const { entered } = bounded({ ...click, entered: { value: token } }) as typeof click & {
      entered: { value: string };
    };
    expect(entered.value).not.toContain('AbCdEfGh');
    expect(whyNotTyped('CACHE_HOST', entered.value)).toMatch(/looks like a secret/);
  });
});
