// Whether node_modules holds what package-lock.json names, and `npm ci` where it does not.
// Invariant: the quick answer costs two stat calls; node_modules is replaced only when its content really differs.
import { readFileSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';

/**
 * @typedef {{ version?: string, integrity?: string, optional?: boolean, devOptional?: boolean, link?: boolean }} LockedPackage
 */

/**
 * Why the dependencies have to be installed, or null where they are up to date.
 * @param {string} root
 * @returns {string | null}
 */
export function whyInstall(root) {
  const lock = join(root, 'package-lock.json');
  const installed = join(root, 'node_modules', '.package-lock.json');
  const installedAt = statSync(installed, { throwIfNoEntry: false });
  if (!installedAt) return 'node_modules is missing or incomplete';
  if (installedAt.mtimeMs >= statSync(lock).mtimeMs) return null;
  const difference = firstDifference(packagesOf(lock), packagesOf(installed));
  if (difference !== null) return `node_modules is older than package-lock.json (${difference})`;
  // The lock was only touched, by a checkout for example: remember the answer.
  utimesSync(installed, new Date(), new Date());
  return null;
}

/**
 * @param {string} root
 * @param {string} reason
 */
export async function install(root, reason) {
  const { problem } = await import('./problem.mjs');
  const { runStep, say } = await import('./steps.mjs');
  say(`installing the locked dependencies with npm ci, because ${reason}`);
  const npm = process.env.npm_execpath;
  const ci = ['ci', '--include=dev', '--ignore-scripts', '--no-audit', '--no-fund'];
  const [program, args] = npm?.endsWith('npm-cli.js') ? [process.execPath, [npm, ...ci]] : ['npm', ci];
  const code = await runStep(program, args, { cwd: root, quietStdout: true }).catch(() => 127);
  if (code !== 0) {
    const cure = 'check that npm works and reaches its registry, then run the same command again.';
    throw problem(`npm ci ended with exit code ${code}, so there are no dependencies to run with: ${cure}`, code);
  }
}

/**
 * @param {string} file
 * @returns {Record<string, LockedPackage>}
 */
function packagesOf(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages ?? {};
}

/**
 * @param {Record<string, LockedPackage>} locked
 * @param {Record<string, LockedPackage>} installed
 * @returns {string | null}
 */
function firstDifference(locked, installed) {
  for (const [path, wanted] of Object.entries(locked)) {
    if (path === '') continue;
    const found = installed[path];
    if (found ? found.version !== wanted.version || found.integrity !== wanted.integrity : !isOptional(wanted)) {
      return `${path} ${wanted.version ?? ''}`.trim();
    }
  }
  return Object.keys(installed).find((path) => !(path in locked)) ?? null;
}

/** @param {LockedPackage} entry packages for other platforms are in the lock and never installed */
const isOptional = (entry) => entry.optional === true || entry.devOptional === true;
