// Compiles src into dist when src has changed since.
// Invariants: dist is always one whole build (made aside, then renamed into place); its stamp lists the very files it
// was made from, and nobody but the holder of the lock replaces it.
import {
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';

/**
 * Path, size and modification time of everything in src, and of the compiler's settings: a few milliseconds.
 * @param {string} root
 * @returns {string}
 */
export function sourceListing(root) {
  return [join(root, 'tsconfig.json'), ...filesIn(join(root, 'src'))]
    .map((path) => {
      const { size, mtimeMs } = statSync(path);
      return `${relative(root, path)} ${size} ${mtimeMs}\n`;
    })
    .join('');
}

/** @param {string} root */
export function isBuilt(root) {
  try {
    return readFileSync(join(root, 'dist', '.stamp'), 'utf8') === sourceListing(root);
  } catch {
    return false;
  }
}

/** @param {string} root */
export async function build(root) {
  const { withLock } = await import('./lock.mjs');
  await withLock(join(root, 'dist.lock'), async () => {
    if (!isBuilt(root)) await compile(root);
  });
}

/** @param {string} root */
async function compile(root) {
  const { problem } = await import('./problem.mjs');
  const { runStep, say } = await import('./steps.mjs');
  say('compiling src into dist');
  const listing = sourceListing(root);
  const fresh = join(root, 'dist.new');
  const old = join(root, 'dist.old');
  rmSync(fresh, { recursive: true, force: true });
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const to = ['--outDir', fresh, '--tsBuildInfoFile', join(fresh, '.tsbuildinfo')];
  const args = [tsc, '-p', join(root, 'src', 'tsconfig.json'), ...to, '--noEmitOnError'];
  const code = await runStep(process.execPath, args, { cwd: root, quietStdout: true });
  if (code !== 0) {
    rmSync(fresh, { recursive: true, force: true });
    throw problem(`src does not compile (tsc ended with exit code ${code}): correct what it names above.`, code);
  }
  copyAssets(join(root, 'src'), fresh);
  writeFileSync(join(fresh, '.stamp'), listing);
  rmSync(old, { recursive: true, force: true });
  renameIfThere(join(root, 'dist'), old);
  renameSync(fresh, join(root, 'dist'));
  rmSync(old, { recursive: true, force: true });
}

/**
 * Everything that is not TypeScript travels as it is: the page of the demo, for example. Set-up itself stays behind.
 * @param {string} from
 * @param {string} to
 */
function copyAssets(from, to) {
  for (const path of filesIn(from)) {
    const name = relative(from, path);
    if (/\.(ts|mjs)$|^tsconfig\.json$/.test(name)) continue;
    mkdirSync(dirname(join(to, name)), { recursive: true });
    copyFileSync(path, join(to, name));
  }
}

/**
 * @param {string} from
 * @param {string} to
 */
function renameIfThere(from, to) {
  try {
    renameSync(from, to);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ENOENT') throw error;
  }
}

/**
 * @param {string} folder
 * @returns {string[]} all files below it, in the order of their names
 */
function filesIn(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? filesIn(path) : [path];
    });
}
