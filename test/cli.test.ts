// The command line as its users run it: compiled, as a whole process.

import { execFile, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import { documentOf, reportsOf } from './support/document.ts';
import { RECORDINGS, recordingDirs } from './support/recordings.ts';

const main = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));

interface Ran {
  status: number | null;
  stdout: string;
  stderr: string;
}

function run(words: string[], input = '', env: { [name: string]: string } = {}): Ran {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...words], {
    input,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    env: { ...process.env, NO_COLOR: '1', ...env },
  });
  return { status, stdout, stderr };
}

function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'loopbreaker-cli-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

describe('diagnose --recording', () => {
  test('prints one document per recording, in order', () => {
    const dirs = recordingDirs().slice(0, 8);
    const { status, stdout } = run(['diagnose', '--json', '--recording', ...dirs]);
    const documents = reportsOf(stdout);
    expect(status).toBe(0);
    expect(documents.map((d) => d.source)).toEqual(dirs);
    for (const d of documents)
      expect(d).toMatchObject({
        schemaVersion: 1,
        target: { cluster: 'recording' },
        verdict: { cause: expect.any(String) },
      });
  });

  test('goes on after an unreadable one, and ends with 1', () => {
    const good = `${RECORDINGS}oom-startup-python`;
    const { status, stdout } = run(['diagnose', '--json', '--recording', '/nowhere', good]);
    const [first, second] = stdout
      .trim()
      .split('\n')
      .map((line) => documentOf(JSON.parse(line)));
    expect(status).toBe(1);
    expect(first).toMatchObject({
      schemaVersion: 1,
      source: '/nowhere',
      error: expect.stringContaining('There is no folder'),
    });
    expect(second).toMatchObject({ verdict: { cause: 'oom-killed' } });
  });

  test('says for a person what, why and how to go on', () => {
    const { stdout } = run(['diagnose', '--recording', `${RECORDINGS}bad-rollout-env-removed`]);
    expect(stdout).toContain('confirmed  env-missing · container avatars');
    expect(stdout).toContain("KeyError: 'AVATAR_BUCKET'");
    expect(stdout).toContain('kubectl rollout undo deployment/avatars -n users-avatars --to-revision=1');
    expect(stdout).toContain('Restart will not help');
  });

  test('finds a workload by its name, and a kind in the words of kubectl', () => {
    for (const name of ['avatars', 'deploy/avatars']) {
      const { stdout } = run(['diagnose', name, '--json', '--recording', `${RECORDINGS}bad-rollout-env-removed`]);
      expect(reportsOf(stdout)[0]?.verdict.cause).toBe('env-missing');
    }
    expect(run(['diagnose', 'constructor/x', '--recording', `${RECORDINGS}healthy`]).status).toBe(1);
  });

  test('answers a name that is not there in one sentence', () => {
    const { status, stderr } = run(['diagnose', 'nobody', '--recording', `${RECORDINGS}healthy`]);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^loopbreaker: The recording .* holds no pod or workload named "nobody"\./);
  });

  test('reads describe.txt where the objects are missing', () => {
    const dir = folder();
    cpSync(`${RECORDINGS}oom-startup-python/describe.txt`, join(dir, 'describe.txt'));
    const { status, stdout } = run(['diagnose', '--json', '--recording', dir]);
    expect(status).toBe(0);
    expect(reportsOf(stdout)[0]?.verdict).toMatchObject({ cause: 'oom-killed', container: 'embedding-api' });
  });

  test.each([
    ['empty', ''],
    ['truncated', '{"kind":"List","items":[{"kind":"Pod"'],
    ['binary', '\u0000\u0001\u0002'],
    ['of another kind', '42'],
  ])('refuses an objects.json that is %s in one sentence', (_name, body) => {
    const dir = folder();
    writeFileSync(join(dir, 'objects.json'), body);
    const { status, stderr } = run(['diagnose', '--recording', dir]);
    expect(status).toBe(1);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).not.toContain('    at ');
  });
});

describe('explain', () => {
  test('explains what is pasted on standard input', () => {
    const { status, stdout } = run(
      ['explain', '--json', '-'],
      "Traceback (most recent call last):\n  File \"/app/main.py\", line 5, in <module>\n    os.environ['DB_URL']\nKeyError: 'DB_URL'\n",
    );
    expect(status).toBe(0);
    expect(reportsOf(stdout)[0]?.verdict).toMatchObject({ cause: 'env-missing', grade: 'confirmed' });
  });

  test('explains a folder of pasted files', () => {
    const dir = folder();
    cpSync(`${RECORDINGS}liveness-wrong-port/describe.txt`, join(dir, 'describe.txt'));
    const { stdout } = run(['explain', '--json', dir]);
    expect(reportsOf(stdout)[0]?.verdict.cause).toBe('probe-wrong-port');
  });

  test('says what to paste when there is nothing in it', () => {
    const { status, stderr } = run(['explain', '-'], '');
    expect(status).toBe(1);
    expect(stderr).toContain('Paste kubectl describe pod');
  });
});

describe('the command line', () => {
  test('says which version it is', () => {
    expect(run(['--version']).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  test('lists every cause, and explains one', () => {
    const { stdout } = run(['rules', '--json']);
    expect(JSON.parse(stdout).map((r: { id: string }) => r.id)).toContain('oom-killed');
    expect(run(['rules', 'oom-killed']).stdout).toContain('What cures it');
  });

  test.each([
    [['diagnose', '--nonsense']],
    [['no-such-command']],
    [['diagnose', '--recording']],
  ])('ends with 2 on wrong usage: %j', (words) => {
    const { status, stderr } = run(words);
    expect(status).toBe(2);
    expect(stderr).toMatch(/^loopbreaker: /);
  });

  test('says how to get a cluster when there is no kubeconfig', () => {
    const home = folder();
    const { status, stderr } = run(['diagnose', 'api'], '', { HOME: home, KUBECONFIG: '' });
    expect(status).toBe(1);
    expect(stderr).toMatch(/^loopbreaker: .*KUBECONFIG/i);
  });

  test('shows control characters of a log instead of obeying them', async () => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [main, 'explain', await written('FATAL: \u001b]0;owned\u0007 required variable X_TOKEN is not set\n')],
      { env: { ...process.env, NO_COLOR: '1' } },
    );
    expect(stdout).not.toContain('\u001b]0;');
  });
});

async function written(text: string): Promise<string> {
  const file = join(folder(), 'log.txt');
  writeFileSync(file, text);
  return file;
}
