// The approval policy as one table: who clicks on which change, and what comes of it. Outcomes are literal data; the
// answer at the click and the answer before the write come from the same functions that gateway and worker call.

import { describe, expect, test } from 'vitest';
import type { ActionId, Risk } from '../src/core/action-id.ts';
import type { Plan } from '../src/core/plan.ts';
import { decideClick, type Person, type Vote, whyNotEnough } from '../src/core/policy/decide.ts';
import { policyFile } from '../src/core/policy/file.ts';
import { frozenBy } from '../src/core/policy/freeze.ts';
import { type Policy, policyFrom, readableFrom, readableOf } from '../src/core/policy/policy.ts';
import { limitsFor, requirementFor, type Subject, type WorkloadFacts } from '../src/core/policy/requirement.ts';

const NOW = '2026-11-19T10:05:00.000Z'; // a Thursday
const EXPIRES = '2026-11-19T10:15:00.000Z';
const where = { read: 'R', approve: 'A', remediation: 'off' };
const defaults = {
  remediation: true,
  expiresAfterSeconds: 900,
  memoryFactor: 4,
  memoryBytes: 8 * 2 ** 30,
  own: ['loopbreaker'],
};

const policyOf = (file: object, settings: Partial<typeof defaults> = {}): Policy =>
  policyFrom(policyFile.parse({ version: 1, ...file }), { ...defaults, ...settings }, where);

const policy = policyOf({
  protect: ['cert-manager'],
  approve: [
    {
      name: 'payments',
      clusters: ['prod'],
      namespaces: ['shop'],
      labels: { tier: 'payments' },
      actions: ['*'],
      risks: ['low', 'medium', 'high'],
      approvers: { users: ['U0ANN', 'U0BOB', 'U0CLEO'] },
      minimum: 2,
      typedConfirmation: true,
    },
    {
      name: 'shop',
      clusters: ['prod'],
      namespaces: ['shop', 'shop-*'],
      actions: ['rollback', 'restart', 'raise-memory-limit'],
      approvers: { users: ['U0ANN'], groups: ['S0CALL'] },
      ceilings: { memoryFactor: 2, memory: '1Gi', replicas: 10 },
    },
    {
      name: 'staging',
      clusters: ['staging-*'],
      namespaces: ['*'],
      actions: ['*'],
      approvers: { groups: ['S0DEV'] },
      requesterCounts: true,
      whenManaged: 'allow',
    },
    {
      name: 'dns by its very name',
      clusters: ['prod'],
      namespaces: ['kube-system'],
      actions: ['restart'],
      approvers: { users: ['U0ANN'] },
    },
  ],
});

interface Row {
  who: string;
  standing?: Person['standing'];
  groups?: string[] | null;
  asked?: string;
  action?: ActionId;
  risk?: Risk;
  intent?: Plan['intent'];
  cluster?: string;
  namespace?: string;
  facts?: Partial<WorkloadFacts>;
  before?: string[];
  typed?: string;
  now?: string;
  outcome: 'written' | 'type the name' | `${number} more` | RegExp;
}

const payments = { labels: { tier: 'payments' } };

describe('a click on Approve', () => {
  test.each<[string, Row]>([
    // Who may.
    ['a named approver', { who: 'U0ANN', outcome: 'written' }],
    ['a member of the approvers’ group', { who: 'U0DAN', groups: ['S0CALL'], outcome: 'written' }],
    [
      'a member of another group',
      { who: 'U0DAN', groups: ['S0DEV'], outcome: /You may not approve.*<@U0ANN>, members of the user group S0CALL/ },
    ],
    ['nobody in particular', { who: 'U0EVE', outcome: /You may not approve/ }],
    [
      'a group that Slack does not tell about',
      { who: 'U0DAN', groups: null, outcome: /could not ask Slack.*no for now/ },
    ],
    ['a named approver although Slack tells no group', { who: 'U0ANN', groups: null, outcome: 'written' }],
    ['whoever asked for the plan', { who: 'U0ANN', asked: 'U0ANN', outcome: /somebody else has to approve/ }],
    [
      'whoever asked, where the rule lets that count',
      { who: 'U0DAN', asked: 'U0DAN', groups: ['S0DEV'], cluster: 'staging-1', outcome: 'written' },
    ],
    ['a guest', { who: 'U0ANN', standing: 'guest', outcome: /Guests/ }],
    ['a deactivated account', { who: 'U0ANN', standing: 'deactivated', outcome: /deactivated/ }],
    ['a person of another workspace', { who: 'U0ANN', standing: 'external', outcome: /Only members/ }],
    ['somebody Slack could not be asked about', { who: 'U0ANN', standing: 'unknown', outcome: /no for now/ }],
    // When.
    ['after the plan expired', { who: 'U0ANN', now: EXPIRES, outcome: /expired/ }],
    // What.
    [
      'an action that no rule names',
      { who: 'U0ANN', action: 'suspend', outcome: /No rule lets anybody approve suspend/ },
    ],
    ['a high risk that the rule does not name', { who: 'U0ANN', risk: 'high', outcome: /risk high/ }],
    ['a cluster without a rule', { who: 'U0ANN', cluster: 'prod-us', outcome: /No rule.*prod-us\/shop/ }],
    ['a namespace by its beginning', { who: 'U0ANN', namespace: 'shop-cart', outcome: 'written' }],
    ['a namespace without a rule', { who: 'U0ANN', namespace: 'billing', outcome: /No rule/ }],
    [
      'a system namespace, which no wildcard reaches',
      {
        who: 'U0DAN',
        groups: ['S0DEV'],
        cluster: 'staging-1',
        namespace: 'kube-system',
        outcome: /protected namespace/,
      },
    ],
    [
      'the namespace of an operator, by its ending',
      {
        who: 'U0DAN',
        groups: ['S0DEV'],
        cluster: 'staging-1',
        namespace: 'istio-system',
        outcome: /protected namespace/,
      },
    ],
    [
      'a namespace that the policy protects',
      {
        who: 'U0DAN',
        groups: ['S0DEV'],
        cluster: 'staging-1',
        namespace: 'cert-manager',
        outcome: /protected namespace/,
      },
    ],
    [
      'a system namespace by its very name',
      { who: 'U0ANN', namespace: 'kube-system', action: 'restart', outcome: 'written' },
    ],
    [
      'Loopbreaker’s own namespace',
      { who: 'U0DAN', groups: ['S0DEV'], cluster: 'staging-1', namespace: 'loopbreaker', outcome: /never changes/ },
    ],
    // How much.
    [
      'twice the memory',
      { who: 'U0ANN', action: 'raise-memory-limit', intent: { from: '256Mi', to: '512Mi' }, outcome: 'written' },
    ],
    [
      'more than the factor',
      {
        who: 'U0ANN',
        action: 'raise-memory-limit',
        intent: { from: '256Mi', to: '600Mi' },
        outcome: /above what is allowed/,
      },
    ],
    [
      'more than the ceiling',
      {
        who: 'U0ANN',
        action: 'raise-memory-limit',
        intent: { from: '900Mi', to: '1200Mi' },
        outcome: /at most 1024Mi/,
      },
    ],
    [
      'back to a former, lower limit',
      { who: 'U0ANN', action: 'raise-memory-limit', intent: { from: '4Gi', to: '1Gi' }, outcome: 'written' },
    ],
    [
      'a limit that cannot be told',
      { who: 'U0ANN', action: 'raise-memory-limit', intent: { from: '?', to: '1Gi' }, outcome: /could not be told/ },
    ],
    ['too many replicas', { who: 'U0ANN', facts: { replicas: 11 }, outcome: /touches 11 replicas/ }],
    ['an unknown number of replicas', { who: 'U0ANN', facts: { replicas: null }, outcome: /unknown number/ }],
    ['a workload of Argo CD', { who: 'U0ANN', facts: { managedBy: ['Argo CD application shop'] }, outcome: /Argo CD/ }],
    [
      'a workload of Argo CD where the rule allows it',
      {
        who: 'U0DAN',
        groups: ['S0DEV'],
        cluster: 'staging-1',
        facts: { managedBy: ['Argo CD application shop'] },
        outcome: 'written',
      },
    ],
    // How many.
    ['the first of two', { who: 'U0ANN', facts: payments, typed: 'api', outcome: '1 more' }],
    ['the second of two', { who: 'U0BOB', facts: payments, before: ['U0ANN'], typed: 'api', outcome: 'written' }],
    [
      'the same person twice',
      { who: 'U0ANN', facts: payments, before: ['U0ANN'], typed: 'api', outcome: /already.*1 more person/ },
    ],
    [
      'a group member where named users are asked for',
      { who: 'U0DAN', groups: ['S0CALL'], facts: payments, outcome: /You may not/ },
    ],
    [
      'high risk with named users',
      { who: 'U0BOB', risk: 'high', facts: payments, before: ['U0CLEO'], typed: 'api', outcome: 'written' },
    ],
    ['without the name typed', { who: 'U0BOB', facts: payments, before: ['U0ANN'], outcome: 'type the name' }],
    [
      'with another name typed',
      { who: 'U0BOB', facts: payments, before: ['U0ANN'], typed: 'API', outcome: /Type exactly: api/ },
    ],
  ])('%s', (_name, row) => {
    expect(outcomeOf(policy, row)).toEqual(
      row.outcome instanceof RegExp ? expect.stringMatching(row.outcome) : row.outcome,
    );
  });
});

function subjectOf(row: Row): Subject {
  return {
    cluster: row.cluster ?? 'prod',
    plan: {
      action: row.action ?? 'rollback',
      risk: row.risk ?? 'medium',
      intent: row.intent ?? {},
      target: { namespace: row.namespace ?? 'shop', name: 'api' },
    },
    facts: { labels: {}, replicas: 3, managedBy: [], ...row.facts },
  };
}

/** The click, and when it is enough, the second look before the write. */
function outcomeOf(at: Policy, row: Row): string {
  const requirement = requirementFor(at, subjectOf(row), row.now ?? NOW);
  const vote = (by: string, groups: string[] = []): Vote => ({ by, groups, typed: true, at: NOW });
  const votes = (row.before ?? []).map((by) => vote(by));
  const pending = { name: 'api', askedBy: row.asked ?? 'U0REQ', expiresAt: EXPIRES, votes };
  const person = {
    id: row.who,
    standing: row.standing ?? ('member' as const),
    groups: row.groups === undefined ? [] : row.groups,
  };
  const decision = decideClick(requirement, pending, person, { now: row.now ?? NOW, typed: row.typed });
  if (decision.is === 'no') return decision.sentence;
  if (decision.is === 'type-the-name') return 'type the name';
  if (decision.missing > 0) return `${decision.missing} more`;
  const all = { ...pending, votes: [...votes, vote(row.who, row.groups ?? [])] };
  return whyNotEnough(requirementFor(at, subjectOf(row), NOW), all) ?? 'written';
}

describe('the second look before the write', () => {
  const voted = (over: Partial<Vote> = {}): Vote => ({ by: 'U0ANN', groups: [], typed: false, at: NOW, ...over });
  const look = (at: Policy, votes: Vote[], row: Partial<Row> = {}): string =>
    whyNotEnough(requirementFor(at, subjectOf({ who: '', outcome: 'written', ...row }), NOW), {
      askedBy: 'U0REQ',
      expiresAt: EXPIRES,
      votes,
    }) ?? 'written';

  test('writes for approvals that the policy still asks for', () => {
    expect(look(policy, [voted()])).toBe('written');
    expect(look(policy, [voted({ by: 'U0DAN', groups: ['S0CALL'] })])).toBe('written');
  });

  test('writes nothing without an approval, or for one that no longer counts', () => {
    expect(look(policy, [])).toMatch(/1 more approval is needed/);
    expect(look(policy, [voted({ by: 'U0EVE' })])).toMatch(/U0EVE.*may no longer approve/);
    expect(look(policy, [voted({ at: EXPIRES })])).toMatch(/after the plan had expired/);
    expect(look(policy, [voted({ by: 'U0REQ' })])).toMatch(/no longer/);
  });

  test('counts one person once, and asks for the typed name that is asked for now', () => {
    expect(look(policy, [voted({ typed: true }), voted({ typed: true })], { facts: payments })).toMatch(/1 more/);
    expect(look(policy, [voted(), voted({ by: 'U0BOB' })], { facts: payments })).toMatch(/was not typed/);
  });

  test('obeys a kill switch and a freeze that came after the approval', () => {
    const approve = [
      { name: 'a', clusters: ['*'], namespaces: ['*'], actions: ['*'], approvers: { users: ['U0ANN'] } },
    ];
    expect(look(policyOf({ approve }), [voted()])).toBe('written');
    expect(look(policyOf({ approve, remediation: 'off' }), [voted()])).toMatch(/switched off/);
    expect(look(policyOf({ approve }, { remediation: false }), [voted()])).toMatch(/switched off/);
    const freeze = [{ days: ['thu'], from: '10:00', to: '11:00', because: 'release' }];
    expect(look(policyOf({ approve, freeze }), [voted()])).toMatch(/frozen: thu from 10:00 to 11:00 UTC \(release\)/);
  });
});

test('an empty policy lets nobody approve and says where to begin', () => {
  expect(outcomeOf(policyOf({}), { who: 'U0ANN', outcome: 'written' })).toBe(
    'Nobody may approve yet. Whoever runs Loopbreaker can name approvers in A.',
  );
});

describe('a freeze', () => {
  const berlin = [{ days: ['fri' as const], from: '16:00', to: '24:00', timeZone: 'Europe/Berlin', because: '' }];
  const night = [{ days: ['sun' as const], from: '22:00', to: '06:00', timeZone: 'UTC', because: '' }];
  const once = [{ from: '2026-12-20T00:00:00Z', to: '2027-01-04T00:00:00Z', because: 'holidays' }];
  test.each([
    [berlin, '2026-11-20T14:59:59Z', false],
    [berlin, '2026-11-20T15:00:00Z', true],
    [berlin, '2026-11-20T22:59:00Z', true],
    [berlin, '2026-11-20T23:00:00Z', false],
    [berlin, '2026-07-10T14:00:00Z', true], // summer time
    [night, '2026-11-22T21:59:00Z', false],
    [night, '2026-11-22T22:00:00Z', true],
    [night, '2026-11-23T05:59:00Z', true],
    [night, '2026-11-23T06:00:00Z', false],
    [night, '2026-11-24T05:59:00Z', false],
    [once, '2026-12-19T23:59:59Z', false],
    [once, '2026-12-20T00:00:00Z', true],
    [once, '2027-01-04T00:00:00Z', false],
  ])('%j at %s: %s', (windows, now, frozen) => {
    expect(frozenBy(windows, now) !== undefined).toBe(frozen);
  });
});

describe('what may be read', () => {
  const readers = policyOf({
    read: [
      { channel: 'C0OPS', clusters: ['prod'], namespaces: ['shop', 'cart'] },
      { channel: 'C0OPS', users: ['U0ANN'], clusters: ['prod', 'staging'], namespaces: ['*'] },
    ],
  });
  test('depends on the channel and, where the rule names people, on who asks', () => {
    expect(readableFrom(readers, { channel: 'C0OPS', user: 'U0BOB' })).toEqual(new Map([['prod', ['shop', 'cart']]]));
    expect(readableFrom(readers, { channel: 'C0OPS', user: 'U0ANN' })).toEqual(
      new Map([
        ['prod', ['shop', 'cart', '*']],
        ['staging', ['*']],
      ]),
    );
    expect(readableFrom(readers, { channel: 'C0OTHER', user: 'U0ANN' }).size).toBe(0);
    expect(readableOf(readers, 'prod')).toEqual(['*']);
    expect(readableOf(readers, 'elsewhere')).toEqual([]);
  });
});

test('a plan that is still to be made keeps to the ceilings of the rule that will judge it', () => {
  const otherwise = { memoryFactorMax: 4, memoryBytesMax: 5 };
  const limits = (namespace: string, cluster = 'prod') =>
    limitsFor(policy, { cluster, namespace, labels: {} }, otherwise);
  expect(limits('shop')).toEqual({ memoryFactorMax: 2, memoryBytesMax: 2 ** 30, writeOwned: false });
  expect(limits('billing')).toEqual(otherwise);
});

test('the hash of a policy changes with its content and with nothing else', () => {
  const approve = [{ name: 'a', clusters: ['*'], namespaces: ['*'], actions: ['*'], approvers: { users: ['U0ANN'] } }];
  expect(policyOf({ approve, protect: [] }).hash).toBe(policyOf({ approve }).hash);
  expect(policyOf({ approve, protect: ['x'] }).hash).not.toBe(policyOf({ approve }).hash);
});
