// The story of a storm as pure steps: when several incidents become one message, who belongs to it, and when it ends.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { StormEffect, StormEvent, StormState, Subject } from '../src/core/storm/state.ts';
import { stormStep } from '../src/core/storm/step.ts';

const START = Date.parse('2026-11-21T10:00:00.000Z');
const at = (seconds: number): string => new Date(START + seconds * 1_000).toISOString();

const LIMITS = { workloads: 3, waitSeconds: 900, perMinute: 10 };
const DATABASE: Subject = { is: 'place', place: { kind: 'dependency', id: 'dependency/db.shop', name: 'db' } };
const OVERVIEW: Subject = { is: 'overview' };
const DIGEST: Subject = { is: 'digest', at: at(3_600) };

function joins(incident: string, subject = DATABASE, more: { name?: string; isRoot?: boolean; mention?: string } = {}) {
  const { name = `app-${incident}`, isRoot = false, mention = '' } = more;
  const member = { incident, namespace: 'shop', name, cause: 'dependency-refused', isRoot };
  const root = null;
  return {
    type: 'joined',
    id: 'storm-1',
    subject,
    limits: LIMITS,
    cluster: 'prod',
    channel: 'C0OPS',
    mention,
    member,
    root,
  } as const;
}
const checked = (ended: { [incident: string]: string } = {}): StormEvent => ({ type: 'checked', ended });
const left = (incident: string, how = 'recovered'): StormEvent => ({ type: 'left', incident, how });
const due: StormEvent = { type: 'due' };

function tell(events: [seconds: number, event: StormEvent][]): {
  state: StormState;
  effects: StormEffect[];
  all: StormEffect[];
} {
  let state: StormState | null = null;
  let effects: StormEffect[] = [];
  const all: StormEffect[] = [];
  for (const [seconds, event] of events) {
    ({ state, effects } = stormStep(state, event, at(seconds)));
    all.push(...effects);
  }
  return { state: state!, effects, all };
}

const posts = (effects: StormEffect[]): string[] =>
  effects.flatMap((effect) => (effect.job === 'post' ? [effect.message] : []));
const three: [number, StormEvent][] = [
  [0, joins('a')],
  [1, joins('b')],
  [2, joins('c')],
  [3, checked()],
];

describe('several incidents of one place', () => {
  test('one or two are none: nothing is posted, and after a while they are forgotten', () => {
    const two = tell([
      [0, joins('a')],
      [10, joins('b')],
      [11, joins('b')],
    ]);
    expect(posts(two.all)).toEqual([]);
    expect(
      tell([
        [0, joins('a')],
        [900, due],
      ]).state,
    ).toMatchObject({ phase: 'over', takes: false });
    // Somebody came meanwhile: it waits for the next from then on.
    expect(
      tell([
        [0, joins('a')],
        [600, joins('b')],
        [900, due],
      ]).effects,
    ).toEqual([{ job: 'storm-due', delayMs: 600_000 }]);
  });

  test('three are read once more, and are one if they last', () => {
    expect(tell(three.slice(0, 3)).effects).toEqual([{ job: 'check' }]);
    expect(tell(three).state.phase).toBe('open');
    expect(tell(three).effects).toEqual([{ job: 'post', message: 'storm' }, { job: 'gather' }]);
    expect(tell([...three.slice(0, 3), [3, checked({ a: 'recovered' })]]).all).not.toContainEqual({ job: 'gather' });
  });

  test('three containers of one workload are one workload, and the database itself does not wait for itself', () => {
    const same = ['a', 'b', 'c'].map((id): [number, StormEvent] => [0, joins(id, DATABASE, { name: 'app' })]);
    expect(tell([...same, [1, checked()]]).state.phase).toBe('gathering');
    expect(tell([...three.slice(0, 2), [2, joins('db', DATABASE, { isRoot: true })], [3, checked()]]).state.phase).toBe(
      'gathering',
    );
  });

  test('a late one joins, one with another cause parts, and both are told', () => {
    const late = tell([...three, [600, joins('d')]]);
    expect(late.effects).toEqual([
      { job: 'post', message: 'storm' },
      { job: 'gather', member: 'd' },
    ]);
    const parted = tell([...three, [600, joins('d')], [700, { type: 'parted', incident: 'a' }]]);
    expect(parted.state.members.map((one) => one.incident)).toEqual(['b', 'c', 'd']);
    expect(posts(parted.effects)).toEqual(['storm']);
  });

  test('it ends with its last member, in one line, and what comes back within a quarter of an hour opens it again', () => {
    const over: [number, StormEvent][] = [...three, [60, left('a')], [61, left('b')], [62, left('c', 'gone')]];
    expect(posts(tell(over.slice(0, -1)).effects)).toEqual(['storm']);
    expect(tell(over).state).toMatchObject({ phase: 'over', takes: true, endedAt: at(62) });
    expect(posts(tell(over).effects)).toEqual(['storm', 'storm-end']);
    const again = tell([...over, [300, joins('b')]]);
    expect(again.state).toMatchObject({ phase: 'open', endedAt: '' });
    expect(posts(again.effects)).toEqual(['storm', 'storm-end']);
    expect(tell([...over, [962, due]]).state.takes).toBe(false);
    // Told late, it belongs to it still; a stranger does not.
    expect(tell([...over, [962, due], [970, joins('b')]]).state.phase).toBe('open');
    expect(tell([...over, [962, due], [970, joins('z')]]).state.phase).toBe('over');
  });

  test('mentions of its members are its own, each once', () => {
    const groups = ['S0ONE', 'S0ONE', 'S0TWO', '', 'S0THREE', 'S0FOUR'];
    const events = groups.map((mention, i): [number, StormEvent] => [0, joins(String(i), DATABASE, { mention })]);
    expect(tell(events).state.mentions).toEqual(['S0ONE', 'S0TWO', 'S0THREE']);
  });
});

describe('too many at once', () => {
  const burst = (count: number, everySeconds = 1) =>
    Array.from({ length: count }, (_, i): [number, StormEvent] => [i * everySeconds, joins(`i${i}`, OVERVIEW)]);

  test('ten in a minute are none, eleven are', () => {
    expect(tell(burst(10)).all).not.toContainEqual({ job: 'check' });
    expect(tell([...burst(11), [11, checked()]]).state.phase).toBe('open');
    expect(tell(burst(40, 7)).all).not.toContainEqual({ job: 'check' });
  });

  test('after a calm minute it takes nobody in, shows the rest of its members, and lasts as long as they do', () => {
    const calm: [number, StormEvent][] = [...burst(11), [11, checked()], [131, due]];
    expect(tell(calm).state).toMatchObject({ phase: 'open', takes: false });
    expect(tell(calm).effects).toContainEqual({ job: 'gather' });
    const ended = burst(11).map((_, i): [number, StormEvent] => [200, left(`i${i}`)]);
    expect(posts(tell([...calm, ...ended.slice(1)]).effects)).toEqual(['storm']);
    expect(tell([...calm, ...ended]).state.phase).toBe('over');
  });

  test('those that have cards of their own already do not end it while more may come', () => {
    const shown = burst(11).map((_, i): [number, StormEvent] => [12, left(`i${i}`, 'shown')]);
    expect(tell([...burst(11), [11, checked()], ...shown]).state.phase).toBe('open');
  });
});

test('small incidents wait for their moment; what ended until then is only counted', () => {
  const waiting: [number, StormEvent][] = [
    [0, joins('a', DIGEST)],
    [60, joins('b', DIGEST)],
    [90, left('a')],
  ];
  expect(posts(tell(waiting).all)).toEqual([]);
  expect(tell(waiting.slice(0, 1)).effects).toEqual([{ job: 'storm-due', delayMs: 3_600_000 }]);
  expect(tell([...waiting, [3_600, due]]).effects).toEqual([{ job: 'check' }]);
  const told = tell([...waiting, [3_600, due], [3_601, checked()]]);
  expect(told.effects).toEqual([{ job: 'post', message: 'storm' }, { job: 'gather' }]);
  expect(posts(tell([...waiting, [3_600, due], [3_601, checked()], [3_700, left('b')]]).effects)).toEqual(['storm']);
});

test('whatever comes in whatever order, nothing is posted of fewer workloads than make one, and repeats change nothing', () => {
  const incident = fc.constantFrom('a', 'b', 'c', 'd');
  const event = fc.oneof(
    incident.map((id): StormEvent => joins(id)),
    incident.map((id): StormEvent => left(id)),
    incident.map((id): StormEvent => ({ type: 'parted', incident: id })),
    fc.constant(checked()),
    fc.constant(due),
  );
  fc.assert(
    fc.property(fc.array(event, { maxLength: 30 }), (events) => {
      let state = stormStep(null, joins('a'), at(0)).state;
      const seen = new Set(['a']);
      for (const [i, one] of events.entries()) {
        if (one.type === 'joined') seen.add(one.member.incident);
        const after = stormStep(state, one, at(i));
        if (posts(after.effects).length > 0) expect(seen.size).toBeGreaterThanOrEqual(LIMITS.workloads);
        const again = stormStep(after.state, one, at(i)).state;
        expect(again.members.map((m) => m.incident)).toEqual(after.state.members.map((m) => m.incident));
        expect(new Set(after.state.members.map((m) => m.incident)).size).toBe(after.state.members.length);
        state = after.state;
      }
    }),
  );
});
