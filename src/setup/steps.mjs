// Starting the programs that set-up and tests are made of.
// Invariant: what set-up prints goes to stderr, so that a command's own stdout stays clean for pipes and --json.
import { spawn } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { constants as os } from 'node:os';
import { delimiter, join } from 'node:path';

/** @param {string} line */
export const say = (line) => console.error(`set-up: ${line}`);

/**
 * Runs a program to its end with the terminal as its own, and gives its exit code (128 + signal where one ended it).
 * @param {string} program
 * @param {string[]} args
 * @param {{ cwd: string, env?: NodeJS.ProcessEnv, quietStdout?: boolean }} options quietStdout: its stdout goes to stderr
 * @returns {Promise<number>}
 */
export function runStep(program, args, { cwd, env = process.env, quietStdout = false }) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env, stdio: quietStdout ? ['ignore', 2, 2] : 'inherit' });
    // Ctrl-C reaches the child by itself; this process stays to clean up after it.
    const ignore = () => {};
    const forward = () => child.kill('SIGTERM');
    process.on('SIGINT', ignore).on('SIGTERM', forward);
    const done = () => process.off('SIGINT', ignore).off('SIGTERM', forward);
    child.on('error', (error) => {
      done();
      reject(error);
    });
    child.on('exit', (code, signal) => {
      done();
      resolve(code ?? 128 + (signal ? os.signals[signal] : 0));
    });
  });
}

/**
 * Runs a program to its end and gives what it printed; never throws.
 * @param {string} program
 * @param {string[]} args
 * @param {{ timeoutMs: number, cwd?: string, env?: NodeJS.ProcessEnv }} options
 * @returns {Promise<{ ok: boolean, out: string, err: string }>}
 */
export function capture(program, args, { timeoutMs, cwd, env = process.env }) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], timeout: timeoutMs });
    let out = '';
    let err = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      out += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text) => {
      err += text;
    });
    child.on('error', (error) => resolve({ ok: false, out, err: error.message }));
    child.on('close', (code, signal) =>
      resolve({ ok: code === 0, out, err: signal ? `${err}\n${program} was ended after ${timeoutMs / 1000} s` : err }),
    );
  });
}

/**
 * The full path of the first of `names` that PATH holds, or null.
 * @param {string[]} names
 * @param {NodeJS.ProcessEnv} env
 * @returns {string | null}
 */
export function onPath(names, env) {
  const folders = (env.PATH ?? '').split(delimiter).filter(Boolean);
  for (const name of names) {
    const found = folders.map((folder) => join(folder, name)).find(isProgram);
    if (found) return found;
  }
  return null;
}

/** @param {string} path */
export function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/**
 * The last line of a program's words that says something, for a one-sentence message.
 * @param {string} text
 */
export const lastLine = (text) => text.trim().split('\n').at(-1)?.trim() ?? '';
