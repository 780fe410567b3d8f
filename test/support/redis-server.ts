// A redis-server of a test's own making: with its own configuration and folder, to be killed and started again under the
// same address. Where only somebody else's Redis can be had there is none, and the test says so.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serverProgram } from '../../src/setup/redis.mjs';
import { freePort } from './ports.ts';

export interface ServerOptions {
  /** Lines of redis.conf, besides its address; `FOLDER` stands for the folder of this server. */
  config?: string[];
  /** Files that the configuration names, by their names in the folder. */
  files?: { [name: string]: string };
  sentinel?: boolean;
  /** What it says when it may be asked. */
  readyWhen?: RegExp;
}

export type RedisServer = Awaited<ReturnType<typeof redisServer>>;

/** AOF with `always`, as the manifests have it. */
export const DURABLE = ['appendonly yes', 'appendfsync always', 'save ""'];
/** Nothing on disk. */
export const FORGETFUL = ['appendonly no', 'save ""'];

export async function redisServer(options: ServerOptions = {}) {
  const {
    config = FORGETFUL,
    files = {},
    sentinel = false,
    readyWhen = /ready to accept connections|\+monitor/i,
  } = options;
  const { program, env } = await serverProgram();
  const folder = await mkdtemp(join(tmpdir(), 'loopbreaker-redis-'));
  const port = await freePort();
  const lines = ['bind 127.0.0.1', ...(config.some((line) => /^port /.test(line)) ? [] : [`port ${port}`]), ...config];
  const path = join(folder, 'redis.conf');
  await writeFile(
    path,
    [`dir ${folder}`, ...lines].join('\n').replaceAll('FOLDER', folder).replaceAll('PORT', String(port)),
  );
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  let child: ChildProcess | undefined;
  const leave = () => child?.kill('SIGKILL');
  process.once('exit', leave);

  async function start(): Promise<void> {
    const started = spawn(program, [path, ...(sentinel ? ['--sentinel'] : [])], {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    child = started;
    await new Promise<void>((ready, fail) => {
      let said = '';
      started.stdout.on('data', (text) => {
        said = (said + text).slice(-8_000);
        if (readyWhen.test(said)) ready();
      });
      started.once('exit', (code) => fail(new Error(`redis-server ended with ${code}: ${said.slice(-600)}`)));
    });
  }

  async function end(signal: NodeJS.Signals): Promise<void> {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill(signal);
    await gone;
  }

  await start();
  return {
    port,
    folder,
    url: `redis://127.0.0.1:${port}`,
    /** Under the same address, with what its folder holds. */
    start,
    kill: () => end('SIGKILL'),
    /** It keeps its connections and answers nothing, until `thaw`. */
    freeze: () => child?.kill('SIGSTOP'),
    thaw: () => child?.kill('SIGCONT'),
    stop: async () => {
      process.off('exit', leave);
      await end('SIGKILL');
      await rm(folder, { recursive: true, force: true });
    },
  };
}
