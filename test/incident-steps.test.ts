// The life of an incident as pure steps: who it is, how it ends and comes back, who is told, and what never happens.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { again } from '../src/core/incident/again.ts';
import type { Effect } from '../src/core/incident/effects.ts';
import type { IncidentEvent, Look } from '../src/core/incident/events.ts';
import { formerOf } from '../src/core/incident/former.ts';
import { isOver, whole } from '../src/core/incident/life.ts';
import { offersOf } from '../src/core/incident/offers.ts';
import type { IncidentState } from '../src/core/incident/state.ts';
import { step } from '../src/core/incident/step.ts';
import type { Report } from '../src/core/report.ts';
import { ANN, BOB, recorded, request } from './support/slack-story.ts';

const START = '2026-11-21T10:00:00.000Z';
const minute = (minutes: number): string => new Date(Date.parse(START) + minutes * 60_000).toISOString();

const { report } = recorded('bad-rollout-env-removed');
const other = recorded('oom-startup-python').report;
const calm = recorded('healthy').report;
const target = { cluster: 'prod-eu', namespace: 'users-avatars', workload: { kind: 'Deployment', name: 'avatars' } };
const alert = { severity: 'critical', labels: {}, at: START };
const asked: IncidentEvent = {
  type: 'asked',
  id: 'incident-1',
  request: { ...request(), by: { kind: 'alert', id: 'alertmanager' }, said: 'KubePodCrashLooping', alert },
};
const question: IncidentEvent = { type: 'asked', id: 'incident-1', request: request() };
const identity = {
  key: 'uid/users-avatars/Deployment/avatars/avatars',
  kind: 'Deployment',
  name: 'avatars',
  container: 'avatars',
};
const identified: IncidentEvent = {
  type: 'identified',
  identity,
  channel: 'C0TEAM',
  route: { rule: 'team', mention: 'S0TEAM', digestAt: '' },
  former: null,
  mute: null,
};
const diagnosed: IncidentEvent = { type: 'diagnosed', target, report };
const settled: IncidentEvent = { type: 'settled' };
const posted: IncidentEvent = { type: 'posted', message: 'card', ts: '1.1' };
const firing = (source: string, at = START): IncidentEvent => ({
  type: 'heard',
  signal: { source, title: 'KubePodCrashLooping', severity: 'critical', status: 'firing', at },
});
const resolved: IncidentEvent = {
  type: 'heard',
  signal: { source: 'alertmanager', title: 'KubePodCrashLooping', severity: 'critical', status: 'resolved', at: START },
};

type Told = [minutes: number, event: IncidentEvent];

function tell(events: Told[]): { state: IncidentState; effects: Effect[] } {
  let state: IncidentState | null = null;
  let effects: Effect[] = [];
  for (const [minutes, event] of events) ({ state, effects } = step(state, event, minute(minutes)));
  return { state: state!, effects };
}

/** The look that is due, whichever round it is. */
function look(
  state: IncidentState,
  minutes: number,
  is: Look['is'],
  more: Partial<Extract<IncidentEvent, { type: 'looked' }>> = {},
) {
  const seen = {
    is,
    words: 'Ready 1 of 1, no restart for 60 s.',
    mark: 'h a:1:',
    soonSeconds: is === 'waiting' ? 20 : 0,
  };
  return step(
    state,
    { type: 'looked', round: state.life.look.round, look: seen, mention: '', ...more },
    minute(minutes),
  );
}

const posts = (effects: Effect[]): string[] => effects.flatMap((e) => (e.job === 'post' ? [e.message] : []));
const open: Told[] = [
  [0, asked],
  [0, identified],
  [0.1, diagnosed],
  [0.2, settled],
  [0.3, posted],
];

describe('an incident that a signal opens', () => {
  test('shows nothing before the cluster was read, and then one card in the channel of its route', () => {
    expect(posts(tell(open.slice(0, 1)).effects)).toEqual([]);
    expect(posts(tell(open.slice(0, 3)).effects)).toEqual([]);
    expect(tell(open.slice(0, 3)).effects.map((e) => e.job)).toEqual(['join', 'settle', 'recheck']);
    const { state, effects } = tell(open.slice(0, 4));
    expect(posts(effects)).toEqual(['card', 'details']);
    expect(state.request.place.channel).toBe('C0TEAM');
  });

  test('that turns out to be another one is closed without a card', () => {
    const { state, effects } = tell([
      [0, asked],
      [0.1, { type: 'merged', into: 'incident-0' }],
    ]);
    expect(isOver(state)).toBe(true);
    expect(effects).toEqual([]);
    expect(posts(step(state, settled, minute(1)).effects)).toEqual([]);
  });

  test('that cannot be answered says so, rather than wait unseen', () => {
    const { effects } = tell([
      [0, asked],
      [0.1, { type: 'refused', sentence: 'No pod.' }],
    ]);
    expect(posts(effects)).toEqual(['card']);
  });

  test('is over at once when what it is about runs again', () => {
    const { state } = tell([
      [0, asked],
      [0, identified],
      [0.1, { type: 'diagnosed', target, report: calm }],
    ]);
    expect(state.phase).toBe('recovered');
  });

  test('counts each sender by itself', () => {
    const { state } = tell([
      ...open,
      [1, firing('watch')],
      [2, firing('watch', minute(2))],
      [3, firing('alertmanager', minute(3))],
    ]);
    expect(state.life.heard).toMatchObject([
      { source: 'watch', count: 2, at: minute(2) },
      { source: 'alertmanager', count: 2, at: minute(3) },
    ]);
  });
});

describe('recovery', () => {
  test('a resolved alert changes no card; it makes the worker look soon', () => {
    const before = look(tell(open).state, 1, 'broken').state;
    const { state, effects } = step(before, resolved, minute(1.1));
    expect(state.phase).toBe('diagnosed');
    expect(posts(effects)).toEqual([]);
    expect(effects).toEqual([{ job: 'recheck', round: before.life.look.round + 1, delayMs: 3_000 }]);
  });

  test('is what a look says, and keeps the incident open for ten minutes', () => {
    const first = look(tell(open).state, 5, 'recovered');
    expect(first.state.phase).toBe('recovered');
    expect(posts(first.effects)).toEqual(['card']);
    expect(isOver(first.state)).toBe(false);
    const second = look(first.state, 9, 'waiting');
    expect(isOver(second.state)).toBe(false);
    expect(isOver(look(second.state, 16, 'waiting').state)).toBe(true);
  });

  test('a crash within those ten minutes is the same incident: one line the first time, then it only counts', () => {
    let state = look(tell(open).state, 5, 'recovered').state;
    const lines = [];
    for (let time = 6; time < 30; time += 2) {
      const back = look(state, time, 'broken');
      const again = look(back.state, time + 1, 'recovered');
      lines.push(...posts(back.effects), ...posts(again.effects));
      state = again.state;
    }
    expect(state.life.returns).toBe(12);
    expect(lines.filter((name) => name.startsWith('news.'))).toEqual(['news.1']);
    expect(lines.filter((name) => name !== 'card')).toEqual(['news.1']);
  });

  test('a workload that was deleted ends it with that word', () => {
    const { state } = look(tell(open).state, 5, 'gone');
    expect([state.phase, isOver(state)]).toEqual(['gone', true]);
  });

  test('after days without anything new it is let go of', () => {
    const { state } = look(tell(open).state, 4 * 24 * 60, 'broken');
    expect([state.phase, isOver(state)]).toEqual(['expired', true]);
  });

  test('a look from an older round, or told twice, changes nothing', () => {
    const { state } = tell(open);
    const stale: IncidentEvent = {
      type: 'looked',
      round: 0,
      look: { is: 'recovered', words: '', mark: '', soonSeconds: 0 },
      mention: '',
    };
    expect(step(state, stale, minute(5))).toEqual({ state, effects: [] });
  });
});

describe('an answer that was made again', () => {
  const { status } = report;
  const later = { ...status, restarts: (status.restarts ?? 0) + 40, now: minute(30) };
  const [cause, ...others] = report.causes;
  const inOtherNumbers = {
    ...report,
    status: later,
    causes: [{ ...cause!, summary: cause!.summary.replace(/\d+/g, '77'), evidence: [] }, ...others],
    logExcerpt: [],
  };

  test('and says the same keeps how it is now, and no more', () => {
    const { state } = tell(open);
    const news = again(state.report, inOtherNumbers);
    expect(news).toEqual({ still: { status: later, context: report.context } });
    const after = look(state, 30, 'broken', news);
    expect(after.state.report).toEqual({ ...report, status: later });
    expect(after.state.life.look.answeredAt).toBe(minute(30));
    expect(posts(after.effects)).toEqual(['card']);
  });

  test.each<[string, Report]>([
    ['another cause', other],
    ['another grade', { ...report, verdict: { ...report.verdict, grade: 'possible' } }],
    ['another pod', { ...report, target: { ...report.target, pod: 'avatars-2' } }],
    ['another remedy', { ...report, proposals: report.proposals.slice(1) }],
    ['a gap more', { ...report, gaps: [...report.gaps, { what: 'the previous log', why: '403' }] }],
    [
      'another revision to go back to',
      { ...report, proposals: report.proposals.map((p) => ({ ...p, title: `${p.title}2` })) },
    ],
    ['that nothing crashes at the moment', { ...report, status: { ...status, state: 'not ready' } }],
  ])('and says %s is kept in whole', (_what, after) => {
    expect(again(report, after)).toEqual({ report: after });
  });
});

describe('news', () => {
  test('the same cause only counts, another one is told in the thread and mentions whom the rule names', () => {
    const same = look(tell(open).state, 5, 'broken', { report, target });
    expect(posts(same.effects)).toEqual(['card', 'details']);
    const changed = look(same.state, 6, 'broken', { report: other, target, mention: 'S0TEAM' });
    expect(posts(changed.effects)).toEqual(['card', 'details', 'news.1']);
    expect(changed.state.life.news).toMatchObject([{ number: 1, mention: 'S0TEAM' }]);
    expect(changed.state.life.news[0]?.words).toContain('The cause has changed.');
  });

  test('a muted incident edits its card and says nothing new; one that was muted before it was shown waits', () => {
    const until = minute(60);
    const muted = tell([...open, [1, { type: 'muted', by: ANN, until, reason: 'known' }]]).state;
    expect(posts(look(muted, 5, 'broken', { report: other, target }).effects)).toEqual(['card', 'details']);
    const mute = { until, by: ANN, reason: '' };
    const born = tell([
      [0, asked],
      [0, { ...identified, mute } as IncidentEvent],
      [0.1, diagnosed],
      [0.2, settled],
    ]);
    expect(posts(born.effects)).toEqual([]);
    expect(posts(step(born.state, { type: 'unmuted', by: '', until }, minute(61)).effects)).toEqual([
      'card',
      'details',
    ]);
  });

  test('a mute ends by its own time only', () => {
    const [first, second] = [minute(10), minute(60)];
    const muted = tell([
      ...open,
      [1, { type: 'muted', by: ANN, until: first, reason: '' }],
      [2, { type: 'muted', by: BOB, until: second, reason: '' }],
    ]).state;
    expect(step(muted, { type: 'unmuted', by: '', until: first }, minute(10)).state.life.mute).toMatchObject({
      by: BOB,
    });
    expect(step(muted, { type: 'unmuted', by: '', until: second }, minute(10)).state.life.mute).not.toBeNull();
    expect(step(muted, { type: 'unmuted', by: ANN, until: second }, minute(10)).state.life.mute).toBeNull();
  });
});

describe('people', () => {
  const offers = (state: IncidentState): string[] => offersOf(state).map((offer) => offer.is);

  test('one takes it, and can hand it over', () => {
    const { state } = tell([...open, [1, { type: 'taken', by: ANN, whom: ANN }]]);
    expect(offers(tell(open).state)).toContain('take');
    expect(offers(state)).toContain('hand-over');
    expect(step(state, { type: 'taken', by: ANN, whom: '' }, minute(2)).state.life.takenBy).toBe('');
  });

  test('an answer to a question is nobody’s to take or mute', () => {
    const { state } = tell([
      [0, question],
      [0.1, diagnosed],
    ]);
    expect(offers(state)).not.toContain('take');
    expect(
      step(state, { type: 'muted', by: ANN, until: minute(60), reason: '' }, minute(1)).state.life.mute,
    ).toBeNull();
  });

  test('a question is answered where it was asked, with a word about the open incident', () => {
    const place = { incident: 'incident-0', channel: 'C0TEAM', ts: '1.1' };
    const { state, effects } = tell([
      [0, question],
      [0.1, { type: 'open-elsewhere', place }],
    ]);
    expect(state.request.place.channel).toBe('C0OPS');
    expect([state.life.openAt, posts(effects)]).toEqual([place, ['card']]);
  });
});

describe('the next incident of the same workload', () => {
  test('within a day it is told what the one before was and what ended it', () => {
    const ended = look(tell(open).state, 5, 'recovered').state;
    expect(formerOf(ended, minute(60))).toMatchObject({ incident: 'incident-1', channel: 'C0TEAM', ts: '1.1' });
    expect(formerOf(ended, minute(60))?.words).toContain('over without a change of mine');
    expect(formerOf(ended, minute(25 * 60))).toBeNull();
    expect(formerOf(tell(open).state, minute(60))).toBeNull();
  });
});

test('an incident that was stored before any of this reads as one to which nothing of it has happened', () => {
  const { life: _life, ...stored } = tell([
    [0, question],
    [0.1, diagnosed],
  ]).state;
  const before = whole(stored);
  expect(before.life).toMatchObject({ held: false, heard: [], takenBy: '' });
  const { state, effects } = step(stored as IncidentState, { type: 'diagnose-again', by: ANN }, minute(1));
  expect([state.phase, effects.map((e) => e.job)]).toEqual(['asked', ['post', 'diagnose']]);
});

const anyEvent = fc.constantFrom<IncidentEvent>(
  identified,
  diagnosed,
  { type: 'diagnosed', target, report: other },
  settled,
  posted,
  firing('watch'),
  firing('alertmanager'),
  resolved,
  { type: 'merged', into: 'incident-0' },
  { type: 'refused', sentence: 'no' },
  { type: 'diagnose-again', by: ANN },
  { type: 'taken', by: ANN, whom: ANN },
  { type: 'muted', by: ANN, until: minute(90), reason: '' },
  { type: 'unmuted', by: BOB, until: minute(90) },
  { type: 'gave-up', job: 'recheck', sentence: 'no' },
  { type: 'gave-up', job: 'diagnose', sentence: 'no' },
);
const anyLook = fc.constantFrom<Look['is']>('broken', 'waiting', 'gone', 'unread');

test('whatever is heard in whatever order, without a look nothing recovers but what was read as calm', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(anyEvent, anyLook), { maxLength: 40 }), (events) => {
      let state = tell([[0, asked]]).state;
      events.forEach((event, index) => {
        const result = typeof event === 'string' ? look(state, index, event) : step(state, event, minute(index));
        state = result.state;
        expect(state.phase).not.toBe('recovered');
        if (state.life.held) expect(posts(result.effects)).toEqual([]);
      });
    }),
    { numRuns: 500 },
  );
});

test('whatever happens, an open incident that nobody works on has exactly one look due', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(anyEvent, anyLook, fc.constant<Look['is']>('recovered')), { maxLength: 40 }),
      (events) => {
        let state = tell([[0, asked]]).state;
        let due = -1;
        events.forEach((event, index) => {
          const result = typeof event === 'string' ? look(state, index, event) : step(state, event, minute(index));
          state = result.state;
          const looks = result.effects.flatMap((e) => (e.job === 'recheck' ? [e.round] : []));
          expect(looks.length).toBeLessThan(2);
          due = looks[0] ?? due;
          if (['diagnosed', 'recovered'].includes(state.phase) && !isOver(state))
            expect(due).toBe(state.life.look.round);
        });
      },
    ),
    { numRuns: 500 },
  );
});
