// Starts a role: gateway, worker, watcher, or all of them as processes of their own. The only place that ends the process.

import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { secretsOf } from './config/secrets.ts';
import { type Config, environmentOfRoles, InvalidConfig, type Role, readConfig } from './config.ts';
import { redactText } from './core/redact.ts';
import { HEAP_FLAGS } from './roles/heap.ts';
import { createLog, type Log } from './roles/log.ts';
import type { RunningRole } from './roles/worker.ts';

const SHUTDOWN_MS = 25_000;

const role = readRole(process.argv.slice(2));
if (role === 'all') startAll();
else await startOne(role);

function readRole(words: string[]): Role {
  const at = words.indexOf('--role');
  const named = at >= 0 ? words[at + 1] : words.find((w) => w.startsWith('--role='))?.slice(7);
  if (named === undefined || named === 'all') return 'all';
  if (named === 'gateway' || named === 'worker' || named === 'watcher') return named;
  process.stderr.write(
    `loopbreaker: There is no role "${named}". Use --role gateway, --role worker, --role watcher, or none for all.\n`,
  );
  process.exit(2);
}

/** Processes of their own, so that each has only its own credentials at work and one can die without the others. */
function startAll(): void {
  const config = checked(() => readConfig('all'));
  const env = environmentOfRoles(config);
  const roles = ['gateway', 'worker', ...(config.watch ? ['watcher'] : [])].map((name) =>
    fork(fileURLToPath(import.meta.url), ['--role', name], {
      env,
      stdio: 'inherit',
      execArgv: [...HEAP_FLAGS, ...process.execArgv],
    }),
  );
  let leaving = false;
  const leave = (signal: NodeJS.Signals): void => {
    leaving = true;
    for (const one of roles) one.kill(signal);
  };
  process.on('SIGTERM', () => leave('SIGTERM'));
  process.on('SIGINT', () => leave('SIGTERM'));
  for (const one of roles) {
    one.on('exit', (code) => {
      // One alone answers nobody: the others go too, and whoever supervises us starts all of them again.
      if (!leaving) leave('SIGTERM');
      process.exitCode = process.exitCode || (code ?? 1);
    });
  }
}

async function startOne(name: Exclude<Role, 'all'>): Promise<void> {
  const config = checked(() => readConfig(name));
  const log = createLog(config.logLevel, name, secretsOf(config));
  // What nobody caught would be printed by Node with all that it carries, such as the headers of a request.
  process.on('uncaughtException', (error) => {
    log.fatal({ stack: error.stack }, `an error that nobody expected: ${error.message}`);
    process.exit(1);
  });
  try {
    const { stop } = await start(name, config, log);
    const leave = (): void => {
      setTimeout(() => process.exit(1), SHUTDOWN_MS).unref();
      stop().then(
        () => process.exit(0),
        () => process.exit(1),
      );
    };
    process.once('SIGTERM', leave);
    process.once('SIGINT', leave);
    process.send?.({ ready: name });
  } catch (error) {
    log.fatal(error instanceof Error ? error.message : String(error));
    process.exit(1);
  }
}

/** A role loads only what it needs. */
async function start(name: Exclude<Role, 'all'>, config: Config, log: Log): Promise<RunningRole> {
  switch (name) {
    case 'gateway':
      return (await import('./roles/gateway.ts')).startGatewayRole(config, log);
    case 'worker':
      return (await import('./roles/worker.ts')).startWorkerRole(config, log);
    case 'watcher':
      return (await import('./roles/watcher.ts')).startWatcherRole(config, log);
  }
}

function checked<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof InvalidConfig)) throw error;
    process.stderr.write(`loopbreaker: ${redactText(error.message).text}\n`);
    process.exit(2);
  }
}
