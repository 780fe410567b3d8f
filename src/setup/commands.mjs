// What each npm script starts, after the dependencies and the build are known to be up to date.
// Invariant: the everyday path (everything up to date) reads file dates only and starts no other process.
import { existsSync } from 'node:fs';
import module from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, isBuilt } from './build.mjs';
import { install, whyInstall } from './install.mjs';
import { isProblem, problem } from './problem.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** @type {Record<string, (args: string[]) => unknown>} */
const commands = {
  loopbreaker: (args) => runBuilt('dist/cli/main.js', args),
  demo: (args) => runBuilt('dist/cli/main.js', ['demo', ...args]),
  start: (args) => {
    // Settings of the environment win over those of the file.
    if (existsSync(join(root, '.env'))) process.loadEnvFile(join(root, '.env'));
    return runBuilt('dist/main.js', args);
  },
  build: ensureBuilt,
  bench: async (args) => {
    await ensureBuilt();
    // What a benchmark itself left behind is collected before it measures.
    await runSource('test/bench/main.ts', args, ['--expose-gc']);
  },
  generate: async (args) => {
    await ensureInstalled();
    await runSource('test/support/generate.ts', args);
  },
  test: async (args) => {
    await ensureBuilt();
    // Until the tests have said otherwise, they have not passed.
    process.exitCode = 1;
    const { runTests } = await import('./test.mjs');
    process.exitCode = await runTests(root, args);
  },
};

/** @param {string[]} argv the command and its arguments */
export async function run([name = '', ...args]) {
  const command = commands[name];
  try {
    if (!command) throw problem(`"${name}" is not known here: ask for one of ${Object.keys(commands).join(', ')}.`, 2);
    await command(args);
  } catch (error) {
    if (!isProblem(error)) throw error;
    console.error(`loopbreaker: ${error.message}`);
    process.exitCode = error.exitCode;
  }
}

async function ensureInstalled() {
  const reason = whyInstall(root);
  if (reason === null) return;
  const { withLock } = await import('./lock.mjs');
  await withLock(join(root, 'node_modules.lock'), async () => {
    const stillMissing = whyInstall(root);
    if (stillMissing !== null) await install(root, stillMissing);
  });
}

async function ensureBuilt() {
  await ensureInstalled();
  if (!isBuilt(root)) await build(root);
}

/**
 * @param {string} file
 * @param {string[]} args
 */
async function runBuilt(file, args) {
  await ensureBuilt();
  const path = join(root, file);
  // Node 22 and newer can keep compiled code from one start to the next; the types are those of Node 20.
  /** @type {{ enableCompileCache?: (folder: string) => void }} */ (module).enableCompileCache?.(
    join(root, 'node_modules', '.cache', 'loopbreaker'),
  );
  process.argv = [process.execPath, path, ...args];
  await import(pathToFileURL(path).href);
}

/**
 * @param {string} file TypeScript that only this repository's own work needs, so it is never compiled into dist
 * @param {string[]} args
 * @param {string[]} flags of Node
 */
async function runSource(file, args, flags = []) {
  if (!existsSync(join(root, file))) throw problem(`${file} is not in this checkout: fetch it with git.`);
  const { runStep } = await import('./steps.mjs');
  process.exitCode = await runStep(process.execPath, [...flags, '--import', 'tsx', file, ...args], { cwd: root });
}
