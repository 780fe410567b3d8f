// A real Redis for the demo, the tests and whoever asks: the given one, an installed one, or one that is fetched.
// Invariants: REDIS_URL is used as it is, never configured or stopped; a Redis that is started here listens on
// loopback only, asks for a random password, keeps nothing on disk and ends with this process.
import { debianRedis } from './debian-redis.mjs';
import { installAdvice, osRelease } from './platform.mjs';
import { problem } from './problem.mjs';
import { ping } from './redis-ping.mjs';
import { startServer } from './redis-server.mjs';
import { capture, lastLine, onPath } from './steps.mjs';

/** Redis 7.4.9 on Alpine, the index of all platforms (docker.io/library/redis:7.4.9-alpine). */
const image = 'docker.io/library/redis@sha256:6ab0b6e7381779332f97b8ca76193e45b0756f38d4c0dcda72dbb3c32061ab99';

/** @typedef {{ url: string, stop: () => Promise<void> }} Redis stop ends it where it was started here */
/** @typedef {{ program: string, env: NodeJS.ProcessEnv, image?: string }} Server with an image, program runs containers */
/** @typedef {{ server: Server } | { reason: string }} Candidate a server that can be started, or why there is none */

/**
 * In this order: REDIS_URL, redis-server or valkey-server on PATH, Debian's package in the user's cache folder,
 * Docker or Podman. Throws a problem that names all that was tried and what to install.
 * @param {{ log?: (line: string) => void, env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<Redis>}
 */
export async function startRedis({ log = () => {}, env = process.env } = {}) {
  if (env.REDIS_URL) {
    const refusal = await ping(env.REDIS_URL, 5_000);
    if (refusal === null) return { url: env.REDIS_URL, stop: async () => {} };
    throw problem(`REDIS_URL is set, but ${refusal}: start that Redis, correct REDIS_URL, or unset it.`);
  }
  const reasons = ['REDIS_URL is not set'];
  for (const find of [installedServer, debianRedis, containerServer]) {
    const candidate = await find(env, log);
    if ('server' in candidate) return startServer(candidate.server);
    reasons.push(candidate.reason);
  }
  throw problem(`there is no Redis (${reasons.join('; ')}): ${installAdvice(process.platform, osRelease())}`);
}

/**
 * A server that runs without a container, for whoever wants to configure and kill it.
 * @param {{ log?: (line: string) => void, env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<Server>}
 */
export async function serverProgram({ log = () => {}, env = process.env } = {}) {
  const reasons = [];
  for (const find of [installedServer, debianRedis]) {
    const candidate = await find(env, log);
    if ('server' in candidate) return candidate.server;
    reasons.push(candidate.reason);
  }
  throw problem(`there is no redis-server (${reasons.join('; ')}): ${installAdvice(process.platform, osRelease())}`);
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<Candidate>}
 */
async function installedServer(env) {
  const program = onPath(['redis-server', 'valkey-server'], env);
  if (!program) return { reason: 'neither redis-server nor valkey-server is on PATH' };
  const { out, err } = await capture(program, ['--version'], { timeoutMs: 10_000, env });
  const version = out.match(/v=(\d+)\.(\d+)/);
  if (!version) return { reason: `${program} does not tell its version (${lastLine(err || out)})` };
  const [major, minor] = [Number(version[1]), Number(version[2])];
  if (major < 6 || (major === 6 && minor < 2)) return { reason: `${program} is ${major}.${minor}, older than 6.2` };
  return { server: { program, env } };
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @param {(line: string) => void} log
 * @returns {Promise<Candidate>}
 */
async function containerServer(env, log) {
  const reasons = [];
  for (const name of ['docker', 'podman']) {
    const program = onPath([name], env);
    if (!program) {
      reasons.push(`${name} is not on PATH`);
      continue;
    }
    if (!(await capture(program, ['info'], { timeoutMs: 10_000, env })).ok) {
      reasons.push(`${name} is installed, but its engine does not answer`);
      continue;
    }
    log(`starting Redis in a container with ${name}`);
    const pulled = await capture(program, ['pull', '--quiet', image], { timeoutMs: 300_000, env });
    if (!pulled.ok) reasons.push(`${name} could not pull redis (${lastLine(pulled.err)})`);
    else return { server: { program, env, image } };
  }
  return { reason: reasons.join('; ') };
}
