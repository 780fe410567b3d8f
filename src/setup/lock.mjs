// One process at a time installs or builds in a checkout; the others wait and then find the work done.
// Invariant: the lock names a living process; one that was left by a dead process is taken over.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Runs `work` while holding the folder `path` as a lock.
 * @template T
 * @param {string} path
 * @param {() => T | Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(path, work) {
  const holderFile = join(path, 'pid');
  let emptySince = 0;
  while (!take(path)) {
    const holder = holderOf(holderFile);
    if (holder !== null && !isAlive(holder)) rmSync(path, { recursive: true, force: true });
    // A lock without a name is being written at this moment, or its writer was killed in between.
    if (holder !== null) emptySince = 0;
    else if (emptySince === 0) emptySince = Date.now();
    else if (Date.now() - emptySince > 5_000) rmSync(path, { recursive: true, force: true });
    await sleep(50);
  }
  try {
    writeFileSync(holderFile, String(process.pid));
    return await work();
  } finally {
    rmSync(path, { recursive: true, force: true });
  }
}

/** @param {string} path */
function take(path) {
  try {
    mkdirSync(path);
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EEXIST') return false;
    throw error;
  }
}

/**
 * @param {string} holderFile
 * @returns {number | null}
 */
function holderOf(holderFile) {
  try {
    return Number.parseInt(readFileSync(holderFile, 'utf8'), 10) || null;
  } catch {
    return null;
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives and belongs to somebody else.
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}
