// Starts one Redis server that cannot outlive this process, however this process ends.
// Invariants: the password travels by pipe, never on a command line; a watching shell holds the other end of that pipe
// and kills the server when it closes, which the kernel does for us even after SIGKILL.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { problem } from './problem.mjs';

/**
 * Reads the configuration up to an empty line, hands it to the server, lets go of stdout (so that its end is the
 * server's end), and waits for its own stdin to close.
 */
const watch = `
signal=$1; shift
config=
while IFS= read -r line && [ -n "$line" ]; do config="$config$line
"; done
printf '%s' "$config" | "$@" &
server=$!
exec >/dev/null 2>&1
read -r line
kill -s "$signal" "$server"
wait "$server"
`;

/**
 * @param {import('./redis.mjs').Server} server
 * @returns {Promise<import('./redis.mjs').Redis>}
 */
export async function startServer(server) {
  // Between choosing a free port and taking it, somebody else may take it: then choose again.
  for (let attempt = 1; ; attempt++) {
    const started = await tryPort(server, await freePort());
    if ('url' in started) return started;
    if (attempt === 5 || !/in use|already allocated/i.test(started.words)) {
      throw problem(`${server.program} ended before it was ready: ${started.words || 'it said nothing'}`);
    }
  }
}

/**
 * @param {import('./redis.mjs').Server} server
 * @param {number} port
 * @returns {Promise<import('./redis.mjs').Redis | { words: string }>}
 */
async function tryPort({ program, env, image }, port) {
  const password = randomBytes(24).toString('hex');
  const published = ['--publish', `127.0.0.1:${port}:6379`];
  const command = image
    ? ['TERM', program, 'run', '--rm', '--interactive', ...published, image, 'redis-server', '-']
    : ['KILL', program, '-'];
  const config = [
    // Inside a container the published port is what is bound to loopback.
    ...(image ? ['bind 0.0.0.0', 'port 6379'] : ['bind 127.0.0.1', `port ${port}`]),
    `requirepass ${password}`,
    'save ""',
    'appendonly no',
    'maxmemory-policy noeviction',
    'daemonize no',
  ];
  // Its own process group: Ctrl-C at the terminal must not take Redis away before we have finished with it.
  const child = spawn('/bin/sh', ['-c', watch, 'redis-watch', ...command], { cwd: tmpdir(), env, detached: true });
  const ended = new Promise((resolve) => child.once('exit', resolve).once('error', resolve));
  child.stdin.on('error', () => {});
  child.stdin.write(`${config.join('\n')}\n\n`);
  const stop = async () => {
    // Whoever waits for the end must live to see it.
    child.ref();
    child.stdin.end();
    await ended;
  };
  const words = await readiness(child, 30_000);
  if (words !== null) {
    await stop();
    return { words };
  }
  // A server that dies by itself is reaped at once; and none of this keeps the process alive.
  child.stdout.once('end', () => child.stdin.end());
  for (const part of [child, child.stdin, child.stdout, child.stderr]) {
    /** @type {{ unref?: () => void }} */ (part).unref?.();
  }
  return { url: `redis://:${password}@127.0.0.1:${port}`, stop };
}

/**
 * Waits for the server's own words that it is ready, and goes on emptying its output after that.
 * @param {import('node:child_process').ChildProcessWithoutNullStreams} child
 * @param {number} timeoutMs
 * @returns {Promise<string | null>} null when ready, otherwise its last words
 */
function readiness(child, timeoutMs) {
  return new Promise((resolve) => {
    let said = '';
    const lastWords = () => said.trim().split('\n').slice(-2).join(' ').slice(-400);
    const timer = setTimeout(() => resolve(`not ready within ${timeoutMs / 1000} s: ${lastWords()}`), timeoutMs);
    /** @param {string | null} words */
    const finish = (words) => {
      clearTimeout(timer);
      resolve(words);
    };
    /** @param {Buffer} text */
    const listen = (text) => {
      said = (said + text).slice(-4_000);
      if (/ready to accept connections/i.test(said)) finish(null);
    };
    child.stdout.on('data', listen).once('end', () => finish(lastWords()));
    child.stderr.on('data', listen);
    child.once('error', (error) => finish(error.message));
  });
}

/** @returns {Promise<number>} a loopback port that is free now */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
      server.close(() => resolve(port));
    });
  });
}
