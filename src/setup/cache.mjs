// The user's cache folder, from which programs are run.
// Invariant: nothing is run from a folder that belongs to another user or that another user could change.
import { lstatSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { problem } from './problem.mjs';

/**
 * The folder for Loopbreaker's own cached things, made with mode 0700 where it is missing.
 * @param {NodeJS.ProcessEnv} env XDG_CACHE_HOME counts when absolute, as its specification says
 * @returns {string}
 */
export function cacheFolder(env) {
  const base = env.XDG_CACHE_HOME;
  const folder = join(base && isAbsolute(base) ? base : join(env.HOME || homedir(), '.cache'), 'loopbreaker');
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    const code = /** @type {NodeJS.ErrnoException} */ (error).code;
    throw problem(`the cache folder ${folder} cannot be made (${code}): set XDG_CACHE_HOME to a folder of your own.`);
  }
  refuseForeign(folder);
  return folder;
}

/**
 * @param {string} path throws a problem unless it is a real folder that only we can change
 */
export function refuseForeign(path) {
  const { uid, mode, ...stat } = statOf(path);
  const flaw = !stat.isFolder
    ? 'is not a folder'
    : uid !== process.getuid?.()
      ? 'belongs to another user'
      : mode & 0o022
        ? 'can be changed by other users'
        : null;
  if (flaw === null) return;
  throw problem(
    `${path} ${flaw}, so nothing is run from it: remove it, or set XDG_CACHE_HOME to a folder of your own.`,
  );
}

/** @param {string} path the link itself where it is one */
function statOf(path) {
  const stat = lstatSync(path);
  return { uid: stat.uid, mode: stat.mode, isFolder: stat.isDirectory() };
}
