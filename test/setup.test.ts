// Node, dependencies and build on real files and processes: what a newcomer's first command meets.
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isBuilt } from '../src/setup/build.mjs';
import { whyInstall } from '../src/setup/install.mjs';
import { nodeProblem } from '../src/setup/node.mjs';
import { endOf, folderWith, processOf, root, run } from './support/processes.ts';

describe('the version of Node', () => {
  test.each(['12.22.0', '18.20.4', '20.18.3'])('%s is refused in one sentence that says what to install', (version) => {
    expect(nodeProblem(version)).toMatch(
      new RegExp(`^this is Node ${version}, .*install Node 24 from https://nodejs.org`),
    );
  });

  test.each(['20.19.0', '20.20.2', '22.0.0', '24.1.0', '26.0.0'])('%s is accepted', (version) => {
    expect(nodeProblem(version)).toBeNull();
  });

  test('a command that does not exist is answered with those that do', async () => {
    const asked = run(process.execPath, [join(root, 'src/setup/run.mjs'), 'tset']);
    await expect(asked).rejects.toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(/^loopbreaker: "tset" is not known here: ask for one of .*test.*\n$/),
    });
  });
});

describe('the dependencies', () => {
  const lock = (packages: object) => JSON.stringify({ packages });
  const zod = { version: '4.6.7', integrity: 'sha512-a' };
  const forMac = { version: '1.0.0', integrity: 'sha512-m', optional: true };

  function checkout(installed: object | null, { installedLater = false } = {}): string {
    const path = folderWith({
      'package-lock.json': lock({ '': {}, 'node_modules/zod': zod, 'node_modules/mac': forMac }),
    });
    if (installed !== null) {
      mkdirSync(join(path, 'node_modules'));
      writeFileSync(join(path, 'node_modules/.package-lock.json'), lock(installed));
      const at = new Date(Date.now() + (installedLater ? 60_000 : -60_000));
      utimesSync(join(path, 'node_modules/.package-lock.json'), at, at);
    }
    return path;
  }

  test('are installed when node_modules is missing', () => {
    expect(whyInstall(checkout(null))).toBe('node_modules is missing or incomplete');
  });

  test('are installed again when the lock is newer and names another version', () => {
    const path = checkout({ 'node_modules/zod': { ...zod, version: '4.0.0' } });
    expect(whyInstall(path)).toBe('node_modules is older than package-lock.json (node_modules/zod 4.6.7)');
  });

  test('are installed again when the lock is newer and a package went away', () => {
    const path = checkout({ 'node_modules/zod': zod, 'node_modules/left-over': zod });
    expect(whyInstall(path)).toContain('node_modules/left-over');
  });

  test('are left alone when the lock was only touched, whatever other platforms would need', () => {
    const path = checkout({ 'node_modules/zod': zod });
    expect(whyInstall(path)).toBeNull();
    expect(whyInstall(path)).toBeNull();
  });

  test('are left alone when they were installed after the lock was written', () => {
    expect(whyInstall(checkout({}, { installedLater: true }))).toBeNull();
  });
});

describe('the build', () => {
  const building = `import { build } from 'setup/build.mjs'; import { isProblem } from 'setup/problem.mjs';
    build(process.env.CHECKOUT).catch((error) => process.exit(isProblem(error) ? 3 : 4));`;
  const buildIn = (path: string) => endOf(processOf(building, { ...process.env, CHECKOUT: path }));

  function checkout(): string {
    const path = folderWith({
      'src/main.ts': "import { word } from './words/word.ts';\nconsole.log(word);\n",
      'src/words/word.ts': "export const word: string = 'built';\n",
      'src/cli/main.ts': "import { word } from '../words/word.ts';\nconsole.log(word);\n",
      'package.json': '{ "type": "module" }',
    });
    copyFileSync(join(root, 'tsconfig.json'), join(path, 'tsconfig.json'));
    symlinkSync(join(root, 'node_modules'), join(path, 'node_modules'));
    return path;
  }

  test('made by three processes at once is whole, runs, and leaves nothing beside it', async () => {
    const path = checkout();
    expect(isBuilt(path)).toBe(false);
    expect(await Promise.all([buildIn(path), buildIn(path), buildIn(path)])).toEqual([0, 0, 0]);
    expect(isBuilt(path)).toBe(true);
    expect((await run(process.execPath, [join(path, 'dist/main.js')])).stdout).toBe('built\n');
    expect((await run(process.execPath, [join(path, 'dist/cli/main.js')])).stdout).toBe('built\n');
    expect(readdirSync(path).filter((name) => name.startsWith('dist'))).toEqual(['dist']);
  });

  test('is stale after a file was changed or renamed, and is kept when the new source does not compile', async () => {
    const path = checkout();
    expect(await buildIn(path)).toBe(0);
    renameSync(join(path, 'src/words/word.ts'), join(path, 'src/words/other.ts'));
    expect(isBuilt(path)).toBe(false);
    expect(await buildIn(path)).toBe(3);
    expect((await run(process.execPath, [join(path, 'dist/main.js')])).stdout).toBe('built\n');
    expect(existsSync(join(path, 'dist.lock'))).toBe(false);
  });

  test('goes on where a killed process left its lock', async () => {
    const path = checkout();
    const dead = processOf('');
    await endOf(dead);
    mkdirSync(join(path, 'dist.lock'));
    writeFileSync(join(path, 'dist.lock/pid'), String(dead.pid));
    expect(await buildIn(path)).toBe(0);
    expect(isBuilt(path)).toBe(true);
  });
});
