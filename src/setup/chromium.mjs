// A real Chromium for the tests of the page: the given one, an installed one, or Debian's where we may install it.
// Invariant: a browser counts only when it tells its version; some systems have a stand-in that merely asks for snap.
import { capture, isProgram, lastLine, onPath } from './steps.mjs';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const macPath = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';

/**
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<string | null>} the path of a browser that runs
 */
export async function findChromium(env = process.env) {
  const onThisPath = names.map((name) => onPath([name], env));
  const candidates = env.CHROMIUM_PATH ? [env.CHROMIUM_PATH] : [...onThisPath, macPath];
  for (const path of candidates) {
    if (path && isProgram(path) && (await capture(path, ['--version'], { timeoutMs: 30_000, env })).ok) return path;
  }
  return null;
}

/**
 * Finds a Chromium, and installs Debian's where there is none and apt can be used as root.
 * @param {{ log?: (line: string) => void, env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<{ path: string } | { reason: string }>} reason: one sentence with the cure
 */
export async function ensureChromium({ log = () => {}, env = process.env } = {}) {
  const path = await findChromium(env);
  if (path) return { path };
  const cure = 'install Chromium, or set CHROMIUM_PATH to a browser of its kind';
  if (env.CHROMIUM_PATH) return { reason: `CHROMIUM_PATH names ${env.CHROMIUM_PATH}, which does not run: correct it.` };
  if (process.getuid?.() !== 0 || !onPath(['apt-get'], env)) {
    return { reason: `there is no Chromium on PATH, and only root with apt could install one here: ${cure}.` };
  }
  log("installing Debian's chromium with apt-get, for the tests of the page");
  const refusal =
    (await aptGet(['update'], env)) ?? (await aptGet(['install', '-y', '--no-install-recommends', 'chromium'], env));
  const installed = await findChromium(env);
  return installed
    ? { path: installed }
    : { reason: `apt-get did not bring Chromium (${refusal ?? 'it does not run'}): ${cure}.` };
}

/**
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<string | null>} null when done, otherwise its last words
 */
async function aptGet(args, env) {
  const quiet = { ...env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' };
  const { ok, err } = await capture('apt-get', ['--quiet', ...args], { timeoutMs: 600_000, env: quiet });
  return ok ? null : lastLine(err);
}
