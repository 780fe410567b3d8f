// A change in the name of whoever approved it: by Slack user id, with every group a line of its own, and never as system:*.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { readPolicyText } from '../src/config/policy-text.ts';
import { impersonateRights, nameFor } from '../src/core/policy/impersonate.ts';
import { demoAccess } from '../src/demo/recordings.ts';
import { inNameOf } from '../src/kube/clusters.ts';
import { dryRun } from '../src/kube/execute.ts';
import { recordedCluster } from './support/cluster.ts';
import { carryOut, changeNow, place, plan } from './support/remedies.ts';

const rules = [
  { user: 'U0ANN', as: 'ann@example.com', groups: ['shop', 'sre'] },
  { user: 'U0BOB', as: 'bob@example.com', groups: [] },
];
const textWith = (...lines: string[]): string => ['version: 1', 'impersonate:', ...lines].join('\n');

describe('the policy', () => {
  test('gives a name by Slack user id, and none to whom it does not name', () => {
    expect(nameFor({ impersonate: rules }, 'U0ANN')).toEqual({ user: 'ann@example.com', groups: ['shop', 'sre'] });
    expect(nameFor({ impersonate: rules }, 'U0EVE')).toEqual({
      refusal: expect.stringMatching(/no Kubernetes user for U0EVE.*can add one/),
    });
    expect(nameFor({}, 'U0EVE')).toBeUndefined();
  });

  test.each([
    [
      'a user of Kubernetes itself',
      '  - { user: U0ANN, as: "system:admin" }',
      /impersonate\[0\]\.as: .*must not begin with system:/,
    ],
    [
      'the group of administrators',
      '  - { user: U0ANN, as: ann, groups: ["system:masters"] }',
      /groups\[0\]: .*system:/,
    ],
    ['the same in other letters', '  - { user: U0ANN, as: ann, groups: ["SYSTEM:masters"] }', /groups\[0\]: .*system:/],
    [
      'two groups in one name',
      '  - { user: U0ANN, as: ann, groups: ["a,system:masters"] }',
      /groups\[0\]: .*must be the name/,
    ],
    ['a line break in a name', '  - { user: U0ANN, as: "ann\\nImpersonate-Group: a" }', /\.as: .*must be the name/],
    [
      'an e-mail address for a Slack user id',
      '  - { user: ann@example.com, as: ann }',
      /impersonate\[0\]\.user: must be a Slack user id/,
    ],
  ])('refuses %s when it is read', (_what, line, problem) => {
    const read = readPolicyText(textWith(line), 'policy.yaml');
    expect(read.ok ? [] : read.problems).toEqual([expect.stringMatching(problem)]);
  });

  test('refuses a person with two names', () => {
    const read = readPolicyText(textWith('  - { user: U0ANN, as: a }', '  - { user: U0ANN, as: b }'), 'policy.yaml');
    expect(read.ok ? [] : read.problems).toEqual([
      expect.stringMatching(/:4: impersonate\[1\]\.user: U0ANN is named twice/),
    ]);
  });

  test('has a Role made from it that names exactly its users and groups', () => {
    const folder = mkdtempSync(join(tmpdir(), 'loopbreaker-roles-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const path = join(folder, 'policy.yaml');
    writeFileSync(path, textWith(...rules.map((rule) => `  - ${JSON.stringify(rule)}`)));
    const main = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
    const { stdout, status } = spawnSync(process.execPath, [main, 'roles', path], {
      encoding: 'utf8',
    });
    const [role, binding] = parseAllDocuments(stdout).map((document) => document.toJS());
    expect(status).toBe(0);
    expect(role.rules).toEqual([
      {
        apiGroups: [''],
        resources: ['users'],
        resourceNames: ['ann@example.com', 'bob@example.com'],
        verbs: ['impersonate'],
      },
      { apiGroups: [''], resources: ['groups'], resourceNames: ['shop', 'sre'], verbs: ['impersonate'] },
    ]);
    expect(binding.roleRef.name).toBe(role.metadata.name);
  });
});

describe('a write', () => {
  const target = place('ml-embeddings', 'Deployment', 'embedding-api');
  const patchRight = { apiGroups: ['apps'], resources: ['deployments'], verbs: ['patch'] };
  async function opened() {
    const worker = [...demoAccess().filter(({ verbs }) => !verbs.includes('patch')), ...impersonateRights(rules)];
    const double = await recordedCluster(['oom-startup-python'], {
      access: { worker: worker.map((rule) => ({ ...rule })) },
      people: { sre: [patchRight], 'bob@example.com': [] },
    });
    return { double, worker: double.open({ context: 'worker' }) };
  }

  test('carries the name and both groups; what is read stays our own', async () => {
    const { double, worker } = await opened();
    const made = await plan(worker, target, 'raise-memory-limit');
    expect(await carryOut(inNameOf(worker, { user: 'ann@example.com', groups: ['shop', 'sre'] }), made)).toMatchObject({
      ok: true,
    });
    const patches = double.requests().filter(({ method }) => method === 'PATCH');
    expect(patches.map(({ user }) => user)).toEqual(['ann@example.com', 'ann@example.com']);
    const reads = double.requests().filter(({ method }) => method === 'GET');
    expect([...new Set(reads.map(({ user }) => user))]).toEqual(['system:serviceaccount:loopbreaker:worker']);
  });

  test.each([
    ['somebody without rights', { user: 'bob@example.com', groups: [] }, /patch deployments/],
    [
      'a name that the Role does not give',
      { user: 'eve@example.com', groups: [] },
      /in the name of user "eve@example.com"; grant it with: loopbreaker roles/,
    ],
    [
      'a group that the Role does not give',
      { user: 'ann@example.com', groups: ['sre', 'admins'] },
      /in the name of group "admins"/,
    ],
  ])('in the name of %s is forbidden', async (_who, name, why) => {
    const { worker } = await opened();
    const made = await plan(worker, target, 'raise-memory-limit');
    const tried = await dryRun(inNameOf(worker, name), await changeNow(worker, made));
    expect(tried).toMatchObject({ ok: false, because: 'forbidden', why: expect.stringMatching(why) });
  });
});
