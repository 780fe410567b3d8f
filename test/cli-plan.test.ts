// `loopbreaker plan`: what could be changed, with every choice, and the plan of each in full. It never writes.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { planCommand } from '../src/cli/plan.ts';
import { folderOf, recordedCluster } from './support/cluster.ts';

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

/** As `loopbreaker plan [POD] --recording NAME WORDS…`, or of a live cluster without a recording. */
async function run(recording: string | undefined, options: object = {}, pod?: string) {
  const told = { out: '', err: '' };
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    told.out += text;
    return true;
  });
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    told.err += text;
    return true;
  });
  const source = recording === undefined ? {} : { recording: folderOf(recording) };
  const exit = await planCommand(pod, { choice: [], ...source, ...options });
  return { exit, ...told };
}

describe('without an action', () => {
  test('every remedy is listed with the words that plan it, and what is not offered with the reason', async () => {
    const { exit, out } = await run('config-key-renamed-optional');
    expect(exit).toBe(0);
    expect(out).toMatch(/^what can be planned for Deployment\/product-feed in catalog-feed$/m);
    expect(out).toMatch(/^ {2}--action fix-config +Read db_host of ConfigMap product-feed-config$/m);
    expect(out).toMatch(/^ {2}--action fix-config --choice how=key +Add db-host to ConfigMap product-feed-config$/m);
    expect(out).toMatch(/^ {2}rollback: product-feed has no earlier revision to go back to\.$/m);
  });

  test('as JSON each way has its choice', async () => {
    const { out } = await run('bad-rollout-env-removed', { json: true });
    expect(JSON.parse(out)).toMatchObject({
      schemaVersion: 1,
      target: { workload: { name: 'avatars' } },
      ways: expect.arrayContaining([
        { action: 'rollback', title: 'Roll back to revision 1', choice: {}, refusal: null },
        {
          action: 'fix-config',
          title: 'Set AVATAR_BUCKET…',
          choice: { how: 'value' },
          asks: 'AVATAR_BUCKET',
          refusal: null,
        },
      ]),
    });
  });
});

describe('with an action', () => {
  test('its best way is planned, and the others are named', async () => {
    const { exit, out } = await run('config-key-renamed-optional', { action: 'fix-config' });
    expect(exit).toBe(0);
    expect(out).toMatch(/^Read db_host of ConfigMap product-feed-config · Deployment\/product-feed/);
    expect(out).toMatch(/^ {2}~ product-feed: ConfigMap product-feed-config key db-host → db_host$/m);
    expect(out).toMatch(/^other ways\n {2}--choice how=key +Add db-host/m);
    expect(out).toMatch(/^Nothing is written from here/m);
  });

  test.each([
    [
      'another way',
      'config-key-renamed-optional',
      'fix-config',
      ['how=key'],
      /^Add db-host[\s\S]*^ {2}without --choice +Read db_host/m,
    ],
    [
      'a value that was said',
      'bad-rollout-env-removed',
      'fix-config',
      ['how=value', 'value=eu'],
      /AVATAR_BUCKET = eu$/m,
    ],
    ['a copy without probes', 'silent-exit', 'debug-copy', ['variant=original'], /^Start a copy without probes/],
    [
      'a secret',
      'bad-rollout-env-removed',
      'fix-config',
      ['how=value', 'value=https://u:hunter2hunter2@x.example'],
      /^AVATAR_BUCKET looks like a secret/,
    ],
    ['what would not help', 'bad-rollout-env-removed', 'restart', [], /^Restart will not help: the same configuration/],
  ])('%s is planned, or refused in words', async (_, recording, action, choice, seen) => {
    const { exit, out } = await run(recording, { action, choice });
    expect(exit).toBe(0);
    expect(out).toMatch(seen);
    expect(out).not.toContain('hunter2');
  });

  test.each([
    [
      'an action that there is not',
      { action: 'reboot' },
      /no action "reboot"\. There are: rollback, raise-memory-limit,/,
    ],
    [
      'a remedy of something else',
      { action: 'suspend' },
      /suspend is no remedy for what is wrong here\. Offered: rollback, fix-config/,
    ],
    [
      'a choice that there is not',
      { action: 'fix-config', choice: ['how=magic'] },
      /There is: --choice how=value --choice value=…/,
    ],
    [
      'a value that is missing',
      { action: 'fix-config', choice: ['how=value'] },
      /There is: --choice how=value --choice value=…/,
    ],
    [
      'half a choice',
      { action: 'rollback', choice: ['revision'] },
      /NAME=VALUE, such as --choice revision=6, not "revision"/,
    ],
    ['a choice of nothing', { choice: ['revision=6'] }, /add --action ID/],
  ])('%s is wrong usage, said with what there is', async (_, options, sentence) => {
    const { exit, err } = await run('bad-rollout-env-removed', options);
    expect(exit).toBe(2);
    expect(err).toMatch(sentence);
  });
});

test('of a live cluster the plan is completed from the objects as they are, and nothing is written', async () => {
  const double = await recordedCluster(['config-key-renamed-optional']);
  const dir = mkdtempSync(join(tmpdir(), 'loopbreaker-plan-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  writeFileSync(join(dir, 'kubeconfig'), JSON.stringify(double.kubeconfigFile));
  vi.stubEnv('KUBECONFIG', join(dir, 'kubeconfig'));
  const how = { action: 'fix-config', choice: ['how=key'], context: 'admin', namespace: 'catalog-feed' };
  const { exit, out } = await run(undefined, how, 'deployment/product-feed');
  expect(exit).toBe(0);
  expect(out).toMatch(/touches .*ConfigMap product-feed-config is read by Deployment product-feed/);
  const methods = new Set(double.requests().map(({ method }) => method));
  expect([...methods]).toEqual(['GET']);
});

test('a recording that is not there, or that does not hold the pod, is said', async () => {
  expect(await run('no-such-recording')).toMatchObject({ exit: 1, err: expect.stringContaining('There is no folder') });
  const { exit, err } = await run('silent-exit', {}, 'nobody');
  expect(exit).toBe(1);
  expect(err).toMatch(/holds no such pod or workload/);
});
