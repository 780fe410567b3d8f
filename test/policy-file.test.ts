// The policy file as whoever writes it meets it: every mistake with its line and its cure, and a running bot that keeps
// the policy in force when a new one does not hold.

import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { followPolicy, loadPolicy, type PolicySource } from '../src/config/policy.ts';
import { readPolicyText } from '../src/config/policy-text.ts';
import type { Policy } from '../src/core/policy/policy.ts';

const RULE = `  - name: shop
    clusters: [prod]
    namespaces: [shop]
    actions: [restart]
    approvers: { users: [U0ANN] }
`;
const problems = (text: string): string[] => {
  const read = readPolicyText(text, 'policy.yaml', ['prod']);
  return read.ok ? [] : read.problems;
};

describe('a policy file', () => {
  test('as the example has it is accepted', () => {
    const text = readFileSync(new URL('../deploy/policy.example.yaml', import.meta.url), 'utf8');
    expect(readPolicyText(text, 'example', ['this'])).toMatchObject({ ok: true, file: { remediation: 'on' } });
  });

  test('is fully described by the JSON Schema that editors use', () => {
    const schema = JSON.parse(readFileSync(new URL('../deploy/policy.schema.json', import.meta.url), 'utf8'));
    const example = parse(readFileSync(new URL('../deploy/policy.example.yaml', import.meta.url), 'utf8'));
    expect(Object.keys(schema.properties)).toEqual(expect.arrayContaining(Object.keys(example)));
    expect(schema.additionalProperties).toBe(false);
  });

  test.each([
    ['version: 2\n', ['policy.yaml:1: version: must be 1, not 2.']],
    ['', ['policy.yaml:1: version: is missing.']],
    ['version: 1\nremediation: true\n', ['policy.yaml:2: remediation: must be on or off, not true.']],
    ['version: 1\n\naprove: []\n', ['policy.yaml:3: aprove: is not a word of the policy; see docs/policy.md.']],
    ['version: 1\nversion: 1\n', ['policy.yaml:2: is not YAML: Map keys must be unique']],
    ['version: 1\nread: [\n', [expect.stringMatching(/^policy.yaml:\d: is not YAML/)]],
    ['version: 1\nread: !!js/function "x"\n', [expect.stringMatching(/^policy.yaml:2: is not YAML: Unresolved tag/)]],
    [
      `version: 1\napprove:\n${RULE.replace('U0ANN', 'ann')}`,
      [
        'policy.yaml:7: approve[0].approvers.users[0]: must be a Slack user id such as U012AB3CD (profile → ⋮ → Copy member ID), not "ann".',
      ],
    ],
    [
      `version: 1\napprove:\n${RULE.replace('users: [U0ANN]', '')}`,
      ['policy.yaml:7: approve[0].approvers: must name at least one user or group.'],
    ],
    [
      `version: 1\napprove:\n${RULE.replace('    actions: [restart]\n', '')}`,
      ['policy.yaml:3: approve[0].actions: is missing.'],
    ],
    [
      `version: 1\napprove:\n${RULE}    minimum: 2\n${RULE.replace('[prod]', '[prodd]')}`,
      [
        'policy.yaml:10: approve[1].clusters[0]: no cluster is called "prodd"; LOOPBREAKER_CLUSTERS has prod.',
        'policy.yaml:8: approve[0].minimum: 2 people must approve, but 1 can: name more, or lower it.',
        'policy.yaml:9: approve[1].name: two rules are called "shop"; give each its own name.',
      ],
    ],
    [
      'version: 1\nfreeze:\n  - { from: "2026-12-24T00:00:00Z", to: "2026-12-20T00:00:00Z" }\n',
      ['policy.yaml:3: freeze[0]: ends when or before it begins; a whole day is "00:00" to "24:00".'],
    ],
    [
      'version: 1\nfreeze:\n  - { days: [fri], from: 16:00, to: "24:00", timeZone: Mars }\n',
      [expect.stringMatching(/^policy.yaml:3: freeze\[0\].*must be weekly/)],
    ],
  ])('%j is refused with its line', (text, expected) => {
    expect(problems(text)).toEqual(expected);
  });

  test('that repeats itself without end is refused, not expanded', () => {
    const bomb = ['version: 1', 'a: &a [x,x,x,x,x,x,x,x,x]'];
    for (let i = 1; i < 9; i++)
      bomb.push(
        `b${i}: &b${i} [${Array(9)
          .fill(`*${i === 1 ? 'a' : `b${i - 1}`}`)
          .join(',')}]`,
      );
    expect(problems(bomb.join('\n'))).toEqual(['policy.yaml: repeats its anchors too often to be a policy.']);
  });
});

const defaults = { remediation: true, expiresAfterSeconds: 900, memoryFactor: 4, memoryBytes: 2 ** 33, own: [] };
const source = (path: string): PolicySource => ({ path, read: [], approvers: [], clusters: ['prod'], defaults });

describe('without a policy file', () => {
  test('the short settings are the same policy in another form', () => {
    const read = [{ channel: 'C0OPS', user: 'U0ANN', cluster: 'prod', namespace: '*' }];
    const loaded = loadPolicy({ ...source(''), read, approvers: ['U0ANN'] });
    expect(loaded).toMatchObject({
      ok: true,
      policy: {
        remediation: 'on',
        read: [{ channel: 'C0OPS', users: ['U0ANN'], clusters: ['prod'], namespaces: ['*'] }],
        approve: [
          { approvers: { users: ['U0ANN'], groups: [] }, minimum: 1, requesterCounts: true, expiresAfterSeconds: 900 },
        ],
      },
    });
    expect(loadPolicy(source(''))).toMatchObject({ ok: true, policy: { approve: [] } });
  });

  test('a path that cannot be read is named', () => {
    expect(loadPolicy(source('/nowhere/policy.yaml'))).toEqual({
      ok: false,
      problems: ['LOOPBREAKER_POLICY: /nowhere/policy.yaml cannot be read (ENOENT). Correct the path or its rights.'],
    });
  });
});

describe('a policy that changes while the bot runs', () => {
  const valid = `version: 1\napprove:\n${RULE}`;

  function following(everyMs = 60_000) {
    const folder = mkdtempSync(join(tmpdir(), 'loopbreaker-policy-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const path = join(folder, 'policy.yaml');
    writeFileSync(path, valid);
    const first = loadPolicy(source(path));
    if (!first.ok) throw new Error(first.problems.join());
    const changed: Policy[] = [];
    const refused: string[][] = [];
    const live = followPolicy(
      source(path),
      first.policy,
      { changed: (policy) => changed.push(policy), refused: (why) => refused.push(why) },
      everyMs,
    );
    onTestFinished(live.close);
    return { live, path, changed, refused, first: first.policy };
  }

  test('takes effect, and an invalid one keeps the old one and says so once', () => {
    const { live, path, changed, refused, first } = following();
    writeFileSync(path, `${valid}remediation: maybe\n`);
    live.reload();
    live.reload();
    expect(live.current()).toBe(first);
    expect(refused).toEqual([[expect.stringMatching(/policy.yaml:8: remediation: must be on or off/)]]);

    writeFileSync(path, `${valid}remediation: "off"\n`);
    live.reload();
    expect(live.current().remediation).toBe('off');
    expect(changed).toHaveLength(1);
    rmSync(path);
    live.reload();
    expect(live.current().remediation).toBe('off');
  });

  test('is noticed by itself, also when the file is replaced as a mounted ConfigMap is', async () => {
    const { live, path } = following(50);
    // The first look may come after a change: then the next one is noticed.
    const replaced = () => {
      writeFileSync(`${path}.new`, `${valid}remediation: off\n`);
      renameSync(`${path}.new`, path);
      return live.current().remediation;
    };
    await expect.poll(replaced, { interval: 200 }).toBe('off');
  });
});
