// The story of an incident, as pure steps: what is legal next, and what can never happen.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { answer } from '../src/answer.ts';
import { readRecording } from '../src/cli/recording.ts';
import type { Effect } from '../src/core/incident/effects.ts';
import type { IncidentEvent } from '../src/core/incident/events.ts';
import { buttonValue, offersOf, offerWithId, readButtonValue } from '../src/core/incident/offers.ts';
import type { IncidentState } from '../src/core/incident/state.ts';
import { step } from '../src/core/incident/step.ts';
import type { Plan } from '../src/core/plan.ts';
import type { Request } from '../src/core/request.ts';
import { RECORDINGS } from './support/recordings.ts';

const NOW = '2026-11-21T10:00:00.000Z';
const LATER = '2026-11-21T10:20:00.000Z';
const EXPIRES = '2026-11-21T10:15:00.000Z';

const report = answer(readRecording(`${RECORDINGS}bad-rollout-env-removed`), {}, 'x')!;
const target = {
  cluster: 'prod',
  namespace: 'users-avatars',
  pod: 'avatars-1',
  workload: { kind: 'Deployment', name: 'avatars' },
};
const request: Request = {
  wanted: {
    cluster: 'prod',
    namespace: '',
    kind: 'Pod',
    name: 'avatars',
    container: '',
    selector: '',
    allowedNamespaces: ['*'],
  },
  place: { teamId: 'T', channel: 'C' },
  by: { kind: 'user', id: 'U0ANN' },
  deliveryId: 'd',
  said: 'avatars',
};
const planOf = (id: string): Plan => ({
  id,
  action: 'rollback',
  title: 'Roll back to revision 1',
  risk: 'medium',
  target: {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    namespace: 'users-avatars',
    name: 'avatars',
    uid: 'u',
    templateHash: 'h',
  },
  container: '',
  intent: {},
  diff: '',
  effect: '',
  blastRadius: '',
  verification: '',
  undo: '',
  warnings: [],
});
const plan = planOf('plan-1');

function tell(events: IncidentEvent[], now = NOW): { state: IncidentState; effects: Effect[] } {
  let state: IncidentState | null = null;
  let effects: Effect[] = [];
  for (const event of events) ({ state, effects } = step(state, event, now));
  return { state: state!, effects };
}

const asked: IncidentEvent = { type: 'asked', id: 'incident-1', request };
const diagnosed: IncidentEvent = { type: 'diagnosed', target, report };
const wanted: IncidentEvent = { type: 'plan-wanted', action: 'rollback', by: 'U0ANN' };
const planned: IncidentEvent = { type: 'planned', plan, askedBy: 'U0ANN', dryRun: 'ok', expiresAt: EXPIRES };
const approved: IncidentEvent = { type: 'approved', planId: plan.id, by: 'U0BOB' };
const writing: IncidentEvent = { type: 'writing', planId: plan.id, undo: planOf('undo-1'), undoRefusal: '' };
const applied: IncidentEvent = { type: 'applied', planId: plan.id, templateHash: 'h2', steadySeconds: 60 };
const happy = [asked, diagnosed, wanted, planned, approved, writing, applied];

describe('an incident', () => {
  test('is posted and diagnosed when it is asked for', () => {
    expect(tell([asked]).effects).toEqual([{ job: 'post', message: 'card' }, { job: 'diagnose' }]);
  });

  test('goes from the answer to recovered by way of a plan, an approval, a write and a watch', () => {
    const phases = happy.map((_, i) => tell(happy.slice(0, i + 1)).state.phase);
    expect(phases).toEqual(['asked', 'diagnosed', 'planning', 'planned', 'applying', 'applying', 'verifying']);
    const { state } = tell([...happy, { type: 'verified', recovered: true, words: 'steady' }]);
    expect(state.phase).toBe('recovered');
    expect(offersOf(state).map((o) => o.is)).toEqual(['undo']);
  });

  test('writes only for the approval of this very plan', () => {
    const { state, effects } = tell([
      asked,
      diagnosed,
      wanted,
      planned,
      { ...approved, planId: 'another' } as IncidentEvent,
    ]);
    expect(state.phase).toBe('planned');
    expect(effects).toEqual([]);
  });

  test('is decided by the first click; later ones change nothing', () => {
    const { state, effects } = tell([...happy.slice(0, 5), { ...approved, by: 'U0EVE' } as IncidentEvent]);
    expect(state.approval?.by).toBe('U0BOB');
    expect(effects).toEqual([]);
  });

  test('refuses an approval that comes after the plan expired', () => {
    const before = tell([asked, diagnosed, wanted, planned]).state;
    const { state, effects } = step(before, approved, LATER);
    expect(state.phase).toBe('diagnosed');
    expect(state.sentence).toContain('expired');
    expect(effects.map((e) => e.job)).not.toContain('apply');
  });

  test('offers a remedy again after a plan was cancelled', () => {
    const { state } = tell([asked, diagnosed, wanted, planned, { type: 'cancelled', planId: plan.id, by: 'U0BOB' }]);
    expect(state.phase).toBe('diagnosed');
    expect(offersOf(state).some((o) => o.is === 'plan')).toBe(true);
  });

  test('undo is a plan of its own that needs an approval of its own', () => {
    const { state } = tell([
      ...happy,
      { type: 'verified', recovered: false, words: '' },
      { type: 'undo-wanted', by: 'U0ANN', expiresAt: EXPIRES },
    ]);
    expect(state.phase).toBe('planned');
    expect(state.approval).toBeNull();
    expect(state.plan?.undoes).toBe(plan.id);
    expect(state.plan?.plan.target.templateHash).toBe('h2');
  });

  test('tells a job that failed for good instead of waiting for ever', () => {
    expect(tell([asked, { type: 'gave-up', job: 'diagnose', sentence: 'no' }]).state).toMatchObject({
      phase: 'refused',
      sentence: 'no',
    });
    expect(tell([...happy.slice(0, 5), { type: 'gave-up', job: 'apply', sentence: 'no' }]).state).toMatchObject({
      phase: 'diagnosed',
      approval: null,
    });
  });

  test('a write that has begun is looked for until it is known whether it was done, for an hour', () => {
    const gaveUp: IncidentEvent = { type: 'gave-up', job: 'apply', sentence: 'The API server does not answer.' };
    const begun = [asked, diagnosed, wanted, planned, approved, writing];
    const after = tell([...begun, gaveUp]);
    expect(after.state).toMatchObject({
      phase: 'applying',
      sentence:
        'Whether “Roll back to revision 1” was written is not known yet. The API server does not answer. I look again every minute.',
    });
    expect(after.effects).toContainEqual({ job: 'apply', planId: plan.id, delayMs: 60_000 });
    expect(step(after.state, applied, NOW).state).toMatchObject({ phase: 'verifying', sentence: '' });
    const hourLater = new Date(Date.parse(NOW) + 61 * 60_000).toISOString();
    expect(step(after.state, gaveUp, hourLater).state).toMatchObject({
      phase: 'diagnosed',
      approval: null,
      sentence:
        'Whether “Roll back to revision 1” was written is not known. The API server does not answer. Look at the workload, then diagnose again.',
    });
  });

  test('what an attempt that was given up had written all the same is watched like any other, without an undo', () => {
    const { state } = tell([asked, diagnosed, wanted, planned, approved, applied]);
    expect(state).toMatchObject({ phase: 'verifying', operation: { plan: { id: plan.id }, undo: null } });
    expect(offersOf(state).some((o) => o.is === 'undo')).toBe(false);
  });
});

describe('a button', () => {
  test('carries an opaque id that stands only for what is offered now', () => {
    const before = tell([asked, diagnosed]).state;
    const [offer] = offersOf(before);
    const value = readButtonValue(buttonValue(before, offer!));
    expect(value?.incident).toBe('incident-1');
    expect(offerWithId(before, value!.offer)).toEqual(offer);
    expect(offerWithId(tell(happy).state, value!.offer)).toBeUndefined();
  });

  test.each([
    '',
    'x',
    'incident-1.',
    '../../etc.0123456789abcdef',
    `${'a'.repeat(70)}.0123456789abcdef`,
  ])('with the value %j is no button of ours', (value) => {
    expect(readButtonValue(value)).toBeUndefined();
  });
});

const anyEvent = fc.constantFrom<IncidentEvent>(
  asked,
  diagnosed,
  wanted,
  planned,
  approved,
  writing,
  applied,
  { ...approved, by: 'U0EVE' } as IncidentEvent,
  { ...approved, planId: 'other' } as IncidentEvent,
  { type: 'cancelled', planId: plan.id, by: 'U0BOB' },
  { type: 'expired', planId: plan.id },
  { type: 'not-applied', planId: plan.id, sentence: 'drift' },
  { type: 'verified', recovered: true, words: '' },
  { type: 'watched', seen: 'x' },
  { type: 'undo-wanted', by: 'U0ANN', expiresAt: EXPIRES },
  { type: 'diagnose-again', by: 'U0ANN' },
  { type: 'refused', sentence: 'no' },
  { type: 'gave-up', job: 'apply', sentence: 'x' },
);

test('whatever happens in whatever order, a write is asked for only by an approval of the plan that was shown', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(anyEvent, fc.constantFrom(NOW, LATER)), { maxLength: 40 }), (events) => {
      let state = tell([asked]).state;
      for (const [event, now] of events) {
        const before = state;
        const after = step(before, event, now);
        state = after.state;
        for (const effect of after.effects.filter((e) => e.job === 'apply')) {
          // What is looked for again is the plan whose write had begun.
          if (before.writing) {
            expect(before.writing.planId).toBe((effect as { planId: string }).planId);
            continue;
          }
          expect(event.type).toBe('approved');
          expect(before.phase).toBe('planned');
          expect(before.plan?.plan.id).toBe((effect as { planId: string }).planId);
          expect(Date.parse(now)).toBeLessThan(Date.parse(before.plan!.expiresAt));
          expect(after.state.approval).toMatchObject({ planId: before.plan!.plan.id, at: now });
        }
        // Without an approval there is nothing being written and nothing watched.
        if (state.phase === 'applying') expect(state.approval).not.toBeNull();
        if (state.phase === 'verifying') expect(state.operation?.approval.planId).toBe(state.operation?.plan.id);
      }
    }),
    { numRuns: 500 },
  );
});

describe('a plan whose workload was changed meanwhile', () => {
  const drifted: IncidentEvent = { type: 'not-applied', planId: plan.id, sentence: 'out of date', drift: true };

  test('is planned anew, in the same way and for whoever asked, and needs approvals of its own', () => {
    const choice = { revision: '1' };
    const { state, effects } = tell([
      asked,
      diagnosed,
      { ...wanted, choice } as IncidentEvent,
      { ...planned, choice } as IncidentEvent,
      approved,
      drifted,
    ]);
    expect(state).toMatchObject({ phase: 'planning', plan: null, approval: null, sentence: 'out of date' });
    expect(effects).toContainEqual({ job: 'plan', action: 'rollback', by: 'U0ANN', choice });
    const again = step(state, planned, NOW).state;
    expect(again).toMatchObject({ phase: 'planned', sentence: '', plan: { number: 2, approvals: [] } });
  });

  test('is not undone, for that would undo the other change as well', () => {
    const undo: IncidentEvent[] = [
      { type: 'verified', recovered: false, words: '' },
      { type: 'undo-wanted', by: 'U0ANN', expiresAt: EXPIRES },
    ];
    const before = tell([...happy, ...undo]).state;
    const planId = before.plan!.plan.id;
    const applying = step(before, { type: 'approved', planId, by: 'U0BOB' }, NOW).state;
    const { state, effects } = step(applying, { ...drifted, planId } as IncidentEvent, NOW);
    expect(state).toMatchObject({ phase: 'not-recovered', plan: null });
    expect(effects.map(({ job }) => job)).not.toContain('plan');
  });
});
