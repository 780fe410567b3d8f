// What people read in Slack, kept as text: from recordings through the real engine, the real remedies and the real story.
// Read the difference when a sentence changes; UPDATE_GOLDEN=1 writes the new text.

import { expect, test } from 'vitest';
import type { IncidentEvent } from '../src/core/incident/events.ts';
import type { MessageName } from '../src/core/incident/messages.ts';
import type { IncidentState } from '../src/core/incident/state.ts';
import type { Message } from '../src/slack/blocks.ts';
import { brokenMessage } from '../src/slack/broken.ts';
import { cardOf } from '../src/slack/card.ts';
import { detailsOf } from '../src/slack/details.ts';
import { lookOf } from '../src/slack/post.ts';
import { isKept, part } from './support/golden.ts';
import { ANN, asked, BOB, diagnosed, planned, recorded, tell, withRoot, written } from './support/slack-story.ts';

const SETTINGS = { someoneMayApprove: true, remediation: true };

type Told = [minutes: number, event: IncidentEvent][];

const look = (name: MessageName, state: IncidentState): Message =>
  lookOf(state, name, SETTINGS) ?? expect.fail(`there is no ${name}`);
const card = (title: string, state: IncidentState): string => part(title, cardOf(state, SETTINGS));

test.each([
  ['bad-rollout-env-removed', 'a rollout dropped a variable, the old revision still serves'],
  ['dependency-refused-postgres', 'a database is scaled to zero'],
  ['dependency-refused-redis-node', 'a dependency without pods, told in JSON'],
  ['oom-startup-python', 'the memory limit is too low'],
  ['liveness-wrong-port', 'only likely'],
  ['two-containers-two-causes', 'two causes in one pod'],
  ['command-not-found-path', 'a runtime that wraps its error in five layers'],
  ['config-key-renamed-optional', 'a key that was renamed'],
  ['image-pull-bad-tag', 'an image that does not exist'],
  ['init-container-failing', 'an init container'],
  ['bare-pod-crash', 'a pod without a controller'],
  ['cronjob-failing', 'a CronJob'],
  ['serviceaccount-missing', 'no pod at all'],
  ['unschedulable-gpu', 'pending'],
  ['quota-exceeded', 'too few pods'],
  ['readiness-only-404', 'not a crash loop'],
  ['recovered-single-crash', 'recovered by itself'],
  ['healthy', 'nothing is wrong'],
  ['silent-exit', 'nobody knows'],
])('%s: %s', (name) => {
  const what = recorded(name);
  const state = tell(what.report.status.now, diagnosed(what));
  isKept(`${name}.txt`, [card('card', state), part('thread', detailsOf(what.report))].join('\n'));
});

test('the true root of a dependency that is down stands on the card', () => {
  const report = withRoot(recorded('dependency-refused-postgres').report);
  const state = tell(report.status.now, diagnosed({ report, plan: () => expect.fail('no plan is made here') }));
  isKept('dependency-root.txt', card('card', state));
});

test('a rollback, from the question to the end, good or bad', () => {
  const what = recorded('bad-rollout-env-removed');
  const { now } = what.report.status;
  const wanted = planned(what, 'rollback');
  const done = written(what, 'rollback');
  const seen: Told = [...done.events, [4, { type: 'watched', seen: 'Ready 1 of 1, steady for 20 s' }]];
  const good: Told = [...seen, [6, { type: 'verified', recovered: true, words: 'Ready 1 of 1, no restart for 60 s.' }]];
  const words = 'avatars still crashes: CrashLoopBackOff, 2 restarts since the change, last exit 1.';
  const bad: Told = [...seen, [5, { type: 'verified', recovered: false, words }]];
  const undo: Told = [...bad, [7, { type: 'undo-wanted', by: ANN, expiresAt: '2026-11-21T03:00:00Z' }]];
  const undoId = tell(now, undo).plan?.plan.id ?? '';
  const story = [
    card('asked', tell(now, asked({ name: 'avatars' }))),
    card('reading', tell(now, [...asked({ name: 'avatars' }), [0.1, { type: 'arrived', what: 'pod, owner, events' }]])),
    card('diagnosed', tell(now, diagnosed(what))),
    card('planning', tell(now, wanted.events.slice(0, -1))),
    card('planned', tell(now, wanted.events)),
    part('plan', look('plan.1', tell(now, wanted.events))),
    card('approved', tell(now, done.events.slice(0, -2))),
    part('plan, approved', look('plan.1', tell(now, done.events))),
    card('verifying', tell(now, done.events)),
    card('verifying, seen', tell(now, seen)),
    card('recovered', tell(now, good)),
    part('last word', look('outcome.1', tell(now, good))),
    card('not recovered', tell(now, bad)),
    part('last word, not recovered', look('outcome.1', tell(now, bad))),
    card('undo planned', tell(now, undo)),
    part('undo', look('plan.2', tell(now, undo))),
    part('undo withdrawn', look('plan.2', tell(now, [...undo, [8, { type: 'cancelled', planId: undoId, by: ANN }]]))),
    card('expired', tell(now, [...wanted.events, [30, { type: 'expired', planId: wanted.plan.id }]])),
    card(
      'rejected',
      tell(now, [...wanted.events, [3, { type: 'rejected', planId: wanted.plan.id, by: BOB, reason: 'not at night' }]]),
    ),
  ];
  isKept('story-rollback.txt', story.join('\n'));
});

test('two approvers, and a plan that the API server refuses', () => {
  const what = recorded('oom-startup-python');
  const { now } = what.report.status;
  const two = planned(what, 'raise-memory-limit', 2);
  const first: Told = [...two.events, [3, { type: 'approved', planId: two.plan.id, by: BOB }]];
  const both: Told = [...first, [4, { type: 'approved', planId: two.plan.id, by: 'U0EVE' }]];
  const denied = planned(what, 'raise-memory-limit', 1, 'Changes are frozen: until 08:00.').events;
  const sentence = 'The API server would refuse “Memory limit to 320Mi”: quota team-quota is used up.';
  const story = [
    card('waiting for two', tell(now, two.events)),
    card('one of two', tell(now, first)),
    part('plan, one of two', look('plan.1', tell(now, first))),
    card('both', tell(now, both)),
    card('denied', tell(now, denied)),
    part('plan, denied', look('plan.1', tell(now, denied))),
    card('refused by the API server', tell(now, [...two.events.slice(0, -1), [2, { type: 'plan-refused', sentence }]])),
  ];
  isKept('story-two-approvers.txt', story.join('\n'));
});

test('what is not answered with a cause, and what nobody may do', () => {
  const { report } = recorded('bad-rollout-env-removed');
  const now = report.status.now;
  const match = (name: string, trouble: string) => ({
    cluster: 'prod-eu',
    namespace: 'shop',
    kind: 'Deployment',
    name,
    trouble,
  });
  const many = ['cart', 'checkout-api', 'checkout-web', 'geoip', 'ledger', 'rates'].map((name, index) =>
    match(name, index % 2 ? '' : 'CrashLoopBackOff, 7 restarts'),
  );
  const found = (matches: typeof many, name: string) =>
    tell(now, [...asked({ name }), [0.1, { type: 'found-many', matches }]]);
  const plan = () => expect.fail('no plan is made here');
  const answered = tell(now, diagnosed({ report, plan }));
  const calm = recorded('healthy').report;
  const doubtful = { ...calm, verdict: { ...calm.verdict, grade: 'likely' as const } };
  const nearest = 'No pod or workload named "chekout-api" in shop-checkout. Near: checkout-api, checkout-web.';
  const missed = (near: typeof many) =>
    tell(now, [...asked({ name: 'chekout-api' }), [0.1, { type: 'refused', sentence: nearest, near }]]);
  const story = [
    card('nothing of that name', missed([])),
    card('nothing of that name, and one that is near', missed(many.slice(1, 2))),
    card('nothing of that name, and some that are near', missed(many.slice(1, 3))),
    card('several match', found(many.slice(1, 3), 'checkout')),
    card('what is in trouble', found(many, '')),
    card('asked for everything', tell(now, asked({ name: '', namespace: 'shop' }))),
    card('healthy, as far as could be read', tell(now, diagnosed({ report: doubtful, plan }))),
    part('nobody may approve', cardOf(answered, { someoneMayApprove: false, remediation: true })),
    part('changes are switched off', cardOf(answered, { someoneMayApprove: true, remediation: false })),
  ];
  isKept('story-other.txt', story.join('\n'));
});

test('what was broken already, with a namespace of one workload and one of several', () => {
  const row = (namespace: string, name: string, restarts: number) => ({
    id: `${namespace}/${name}`,
    namespace,
    kind: 'Deployment',
    name,
    container: 'main',
    reason: 'CrashLoopBackOff',
    restarts,
  });
  const rows = [row('shop', 'cart', 70), row('users', 'avatars', 40), row('shop', 'geoip', 1), row('ops', 'backup', 0)];
  const list = { cluster: 'prod-eu', channel: 'C0OPS', at: '2026-11-21T02:30:00.000Z', rows };
  const alone = { ...list, rows: rows.slice(1, 2) };
  isKept('broken-list.txt', `${part('several', brokenMessage(list))}\n${part('one', brokenMessage(alone))}`);
});

test('a card as Slack gets it', () => {
  const what = recorded('bad-rollout-env-removed');
  const message = cardOf(tell(what.report.status.now, diagnosed(what)), SETTINGS);
  isKept('card.json', `${JSON.stringify(message, null, 2)}\n`);
});
