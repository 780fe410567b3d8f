// Scratch folders and processes for tests about set-up; all of them are gone when the test file ends.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll } from 'vitest';

export const run = promisify(execFile);
export const root = fileURLToPath(new URL('../..', import.meta.url));

const scratch = mkdtempSync(join(tmpdir(), 'loopbreaker-test-'));
const started: ChildProcess[] = [];
let folders = 0;

afterAll(() => {
  for (const child of started) child.kill('SIGKILL');
  rmSync(scratch, { recursive: true, force: true });
});

/** A new empty folder. */
export function folder(): string {
  folders += 1;
  const path = join(scratch, String(folders));
  mkdirSync(path);
  return path;
}

/** Writes files by their paths below a new folder, and gives that folder. */
export function folderWith(files: Record<string, string>): string {
  const path = folder();
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), text);
  }
  return path;
}

/** A folder for PATH that holds one program, written for the shell. */
export function pathWith(name: string, script: string): string {
  const path = folderWith({ [name]: `#!/bin/sh\n${script}\n` });
  chmodSync(join(path, name), 0o755);
  return path;
}

/** Runs a module's text in a process of its own; "setup/…" in it names a file of src/setup. */
export function processOf(text: string, env: NodeJS.ProcessEnv = process.env): ChildProcess {
  const path = join(folderWith({ 'main.mjs': text.replaceAll('setup/', `${root}src/setup/`) }), 'main.mjs');
  const child = spawn(process.execPath, [path], { env, stdio: ['ignore', 'pipe', 'ignore'] });
  started.push(child);
  return child;
}

/** What a process prints up to its first line's end, or up to its own. */
export const lineOf = (child: ChildProcess): Promise<string> =>
  new Promise((resolve) => {
    let said = '';
    child.stdout?.on('data', (text) => {
      said += text;
      if (said.includes('\n')) resolve(said.trim());
    });
    child.stdout?.once('end', () => resolve(said.trim()));
  });

/** The exit code of a process, null where a signal ended it. */
export const endOf = (child: ChildProcess): Promise<number | null> =>
  new Promise((resolve) => {
    child.once('exit', resolve);
  });

export const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

/** The command lines of all processes that this user may list. */
export async function commandLines(): Promise<string> {
  if (process.platform !== 'linux') return (await run('ps', ['-A', '-o', 'args'], { maxBuffer: 10_000_000 })).stdout;
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map(commandLine).join('\n');
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    // It ended while we were looking.
    return '';
  }
}
