// Debian's and Ubuntu's own redis-server, fetched without root into the user's cache folder and run from there.
// Invariants: every package is checked by apt against its signed indexes; the system's own apt state is only read; a
// cached server is complete, because its folder is renamed into place as the last step.
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, refuseForeign } from './cache.mjs';
import { osRelease } from './platform.mjs';
import { capture, lastLine, onPath } from './steps.mjs';

/**
 * @param {NodeJS.ProcessEnv} env
 * @param {(line: string) => void} log
 * @returns {Promise<import('./redis.mjs').Candidate>}
 */
export async function debianRedis(env, log) {
  const release = osRelease();
  const isDebian = /debian|ubuntu/.test(`${release.ID} ${release.ID_LIKE}`);
  if (!isDebian || !onPath(['apt-get'], env) || !onPath(['dpkg-deb'], env)) {
    return { reason: 'this is not a Debian or Ubuntu with apt-get and dpkg-deb' };
  }
  const cache = cacheFolder(env);
  const folder = join(cache, `redis-${release.ID}-${release.VERSION_CODENAME ?? release.VERSION_ID}-${process.arch}`);
  if (existsSync(folder)) {
    refuseForeign(folder);
    const server = serverIn(folder, env);
    if ((await whyNotRunnable(server)) === null) return { server };
    // The system's libraries have moved on since it was fetched.
    rmSync(folder, { recursive: true, force: true });
  }
  log("fetching Redis from Debian's signed packages into the cache folder, once");
  const work = mkdtempSync(join(cache, 'partial-'));
  try {
    const reason = await fetchInto(work, env);
    if (reason !== null) return { reason: `apt could not fetch redis-server (${reason})` };
    const reasonNot = await whyNotRunnable(serverIn(join(work, 'root'), env));
    if (reasonNot !== null) return { reason: `Debian's redis-server does not run here (${reasonNot})` };
    moveUnlessThere(join(work, 'root'), folder);
    return { server: serverIn(folder, env) };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/**
 * Another process may have been quicker; then its copy is as good as ours.
 * @param {string} from
 * @param {string} to
 */
function moveUnlessThere(from, to) {
  try {
    renameSync(from, to);
  } catch (error) {
    if (!existsSync(to)) throw error;
  }
}

/**
 * First with the indexes that the system has, then with indexes of our own: the system's may be missing or stale.
 * @param {string} work
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<string | null>} null when the packages are unpacked in work/root, otherwise why not
 */
async function fetchInto(work, env) {
  if ((await download(work, env, [])) === null) return unpack(work, env);
  mkdirSync(join(work, 'lists', 'partial'), { recursive: true });
  const ownLists = [`Dir::State::lists "${join(work, 'lists')}";`];
  const update = await apt(work, env, ownLists, ['update']);
  if (!update.ok) return lastLine(update.err);
  return (await download(work, env, ownLists)) ?? unpack(work, env);
}

/**
 * @param {string} work
 * @param {NodeJS.ProcessEnv} env
 * @param {string[]} settings
 * @returns {Promise<string | null>}
 */
async function download(work, env, settings) {
  // What an installation would bring is exactly what is missing on this machine.
  const plan = await apt(work, env, settings, ['install', '--simulate', '--no-install-recommends', 'redis-server']);
  if (!plan.ok) return lastLine(plan.err);
  const names = [...plan.out.matchAll(/^Inst (\S+)/gm)].flatMap((match) => match[1] ?? []);
  if (names.length === 0) return 'apt says that it is installed, yet PATH does not hold it';
  const got = await apt(work, env, settings, ['download', ...names]);
  return got.ok ? null : lastLine(got.err);
}

/**
 * @param {string} work
 * @param {NodeJS.ProcessEnv} env
 * @param {string[]} settings
 * @param {string[]} args
 */
function apt(work, env, settings, args) {
  const config = join(work, 'apt.conf');
  const debs = join(work, 'debs');
  mkdirSync(debs, { recursive: true });
  writeFileSync(config, [...settings, ...aptSettings(work)].join('\n'));
  const options = { timeoutMs: 300_000, cwd: debs, env: { ...env, LC_ALL: 'C' } };
  return capture('apt-get', ['--quiet', '--config-file', config, ...args], options);
}

/** @param {string} work */
const aptSettings = (work) => [
  `Dir::Cache "${join(work, 'cache')}";`,
  'Debug::NoLocking "true";',
  // As root, apt would hand the download to a user who may not enter our 0700 folder.
  'APT::Sandbox::User "root";',
  'Acquire::Languages "none";',
  'Acquire::Retries "2";',
  'Acquire::http::Timeout "30";',
  // Hooks are meant for the system's own state, which is not touched here.
  '#clear APT::Update::Pre-Invoke;',
  '#clear APT::Update::Post-Invoke;',
  '#clear APT::Update::Post-Invoke-Success;',
];

/**
 * @param {string} work
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<string | null>}
 */
async function unpack(work, env) {
  const debs = join(work, 'debs');
  const root = join(work, 'root');
  mkdirSync(root);
  for (const name of readdirSync(debs)) {
    const unpacked = await capture('dpkg-deb', ['-x', join(debs, name), root], { timeoutMs: 60_000, env });
    if (!unpacked.ok) return lastLine(unpacked.err);
  }
  // The packages bring the mode of the system's own root folder.
  chmodSync(root, 0o700);
  return null;
}

/**
 * @param {string} folder the unpacked packages
 * @param {NodeJS.ProcessEnv} env
 * @returns {import('./redis.mjs').Server}
 */
function serverIn(folder, env) {
  const libraries = ['usr/lib', 'lib'].flatMap((name) => {
    const path = join(folder, name);
    if (!existsSync(path)) return [];
    return [path, ...readdirSync(path).map((triplet) => join(path, triplet))];
  });
  const searched = [...libraries, ...(env.LD_LIBRARY_PATH ? [env.LD_LIBRARY_PATH] : [])].join(':');
  return { program: join(folder, 'usr/bin/redis-server'), env: { ...env, LD_LIBRARY_PATH: searched } };
}

/**
 * @param {import('./redis.mjs').Server} server
 * @returns {Promise<string | null>}
 */
async function whyNotRunnable({ program, env }) {
  const { ok, out, err } = await capture(program, ['--version'], { timeoutMs: 10_000, env });
  return ok ? null : lastLine(err || out);
}
