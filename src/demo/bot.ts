// The bot as its users run it: `main` as a process of its own, told everything through its settings.

import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { HEAP_FLAGS } from '../roles/heap.ts';
import { CHECKOUT } from './checkout.ts';

export interface Bot {
  onExit(callback: () => void): void;
  stop(): Promise<void>;
}

const START_MS = 30_000;

export type DemoRole = 'gateway' | 'worker' | 'watcher';

type Settings = { [name: string]: string };

/** Starts the roles that have settings, and resolves when all are ready. Rejects, with none left, when one of them does not. */
export async function startBot(settings: { [role in DemoRole]?: Settings }): Promise<Bot> {
  const { PATH = '', HOME = '', NODE_EXTRA_CA_CERTS } = process.env;
  // One key for both, as whoever runs them apart has to give them.
  const LOOPBREAKER_APPROVAL_KEY = randomBytes(32).toString('hex');
  const common = { PATH, HOME, LOOPBREAKER_APPROVAL_KEY, ...(NODE_EXTRA_CA_CERTS ? { NODE_EXTRA_CA_CERTS } : {}) };
  const running: Awaited<ReturnType<typeof startRole>>[] = [];
  const start = async (role: DemoRole): Promise<void> => {
    const own = settings[role];
    if (own) running.push(await startRole(role, { ...common, ...own }));
  };
  const stop = async (): Promise<void> => {
    await Promise.all(running.map((role) => role.stop()));
  };
  // The watcher last: whoever types does not need it.
  for (const roles of [['worker', 'gateway'], ['watcher']] as const) {
    const failed = (await Promise.allSettled(roles.map(start))).find((one) => one.status === 'rejected');
    if (!failed) continue;
    await stop();
    throw failed.reason;
  }
  return {
    onExit: (callback) => {
      for (const { child } of running) child.once('exit', callback);
    },
    stop,
  };
}

/** One role as it is shipped, for tests that kill it. */
export async function startRole(role: DemoRole, env: Settings) {
  const child = fork(join(CHECKOUT, 'dist/main.js'), ['--role', role], {
    env,
    execArgv: HEAP_FLAGS,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  await new Promise<void>((ready, fail) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      fail(new Error(`The ${role} did not become ready within ${START_MS / 1000} s.`));
    }, START_MS);
    child.once('message', () => {
      clearTimeout(timer);
      ready();
    });
    child.once('exit', (code) => {
      clearTimeout(timer);
      fail(new Error(`The ${role} ended at its start (exit ${code}); its lines above say why.`));
    });
  });
  return {
    child,
    stop: async (): Promise<void> => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = new Promise<void>((done) => child.once('exit', () => done()));
      child.kill('SIGTERM');
      const patience = setTimeout(() => child.kill('SIGKILL'), 10_000);
      await gone;
      clearTimeout(patience);
    },
  };
}
