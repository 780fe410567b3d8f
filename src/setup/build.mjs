// Compiles src into dist when src has changed since: what starts together is written together, for Node spends more on
// finding five hundred small files than the command line does on a diagnosis. Types are checked by `npm test`.
// Invariants: dist is always one whole build (made aside, then renamed into place); its stamp lists the very files it
// was made from, and nobody but the holder of the lock replaces it.
import { readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** What is started by its path. */
const ENTRIES = ['main.ts', 'cli/main.ts'];

/**
 * Path, size and modification time of everything in src, of the compiler's settings and of the version: a few milliseconds.
 * @param {string} root
 * @returns {string}
 */
export function sourceListing(root) {
  return [join(root, 'package.json'), join(root, 'tsconfig.json'), ...filesIn(join(root, 'src'))]
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
  const { say } = await import('./steps.mjs');
  say('compiling src into dist');
  const listing = sourceListing(root);
  const fresh = join(root, 'dist.new');
  const old = join(root, 'dist.old');
  rmSync(fresh, { recursive: true, force: true });
  const { build: bundle } = await import('esbuild');
  try {
    await bundle({
      entryPoints: ENTRIES.map((entry) => join(root, 'src', entry)),
      outdir: fresh,
      outbase: join(root, 'src'),
      bundle: true,
      splitting: true,
      chunkNames: 'parts/[name]-[hash]',
      external: packagesBut('yaml', root),
      // Its modules for browsers are the same code as those for Node, and can be written together.
      alias: { yaml: join(root, 'node_modules/yaml/browser/index.js') },
      platform: 'node',
      format: 'esm',
      target: 'node20',
      sourcemap: 'linked',
      tsconfig: join(root, 'tsconfig.json'),
    });
  } catch {
    rmSync(fresh, { recursive: true, force: true });
    throw problem('src does not compile: correct what is named above.');
  }
  writeFileSync(join(fresh, '.stamp'), listing);
  rmSync(old, { recursive: true, force: true });
  renameIfThere(join(root, 'dist'), old);
  renameSync(fresh, join(root, 'dist'));
  rmSync(old, { recursive: true, force: true });
}

/**
 * Packages stay what npm installed. One comes along: every start of the command line loads it, from seventy small files.
 * @param {string} name
 * @param {string} root
 * @returns {string[]}
 */
function packagesBut(name, root) {
  const { dependencies = {}, devDependencies = {} } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return Object.keys({ ...dependencies, ...devDependencies }).filter((one) => one !== name);
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
