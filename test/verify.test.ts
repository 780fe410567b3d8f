// When a fix counts as recovered: only steadiness does.

import { describe, expect, test } from 'vitest';
import { atLast, judge, type Sight, saysAgain, steadySecondsFor } from '../src/core/verify.ts';

const AT = Date.parse('2026-11-21T10:00:00Z');
const at = (seconds: number): string => new Date(AT + seconds * 1000).toISOString();
const watched = { appliedAt: at(0), steadySeconds: 60, specHash: 'as written' };

const container = (pod: string, more: Partial<Sight['containers'][number]> = {}): Sight['containers'][number] => ({
  podUid: pod,
  name: 'api',
  state: 'running',
  reason: '',
  exitCode: undefined,
  restartCount: 0,
  startedAt: at(5),
  ready: true,
  ...more,
});
const sight = (seconds: number, containers: Sight['containers'], more: Partial<Sight> = {}): Sight => ({
  at: at(seconds),
  desired: 1,
  observed: true,
  podUids: [...new Set(containers.map((c) => c.podUid))],
  currentPodUids: [...new Set(containers.map((c) => c.podUid))],
  containers,
  ...more,
});

describe('a fix', () => {
  test.each([
    [
      'is not recovered while it is steady for less than the time that counts',
      sight(40, [container('new')]),
      'waiting',
    ],
    ['is recovered once every new pod was steady long enough', sight(70, [container('new')]), 'recovered'],
    [
      'that is Ready for 40 s and crashes again is not recovered',
      sight(50, [container('new', { state: 'waiting', reason: 'CrashLoopBackOff', restartCount: 1, ready: false })]),
      'failed',
    ],
    [
      'that restarted once and runs is watched on',
      sight(30, [container('new', { restartCount: 1, startedAt: at(25) })]),
      'waiting',
    ],
    [
      'that restarted twice has failed, running or not',
      sight(30, [container('new', { restartCount: 2, startedAt: at(29) })]),
      'failed',
    ],
    [
      'is not recovered while an old pod is still there',
      sight(70, [container('new'), container('old')], { currentPodUids: ['new'] }),
      'waiting',
    ],
    [
      'is not failed by the crash loop of an old pod',
      sight(
        20,
        [container('new'), container('old', { state: 'waiting', reason: 'CrashLoopBackOff', restartCount: 9 })],
        { currentPodUids: ['new'] },
      ),
      'waiting',
    ],
    [
      'is not recovered while the controller has not seen the change',
      sight(70, [container('new')], { observed: false }),
      'waiting',
    ],
    ['is not recovered with fewer pods than wanted', sight(70, [container('new')], { desired: 2 }), 'waiting'],
    [
      'is not recovered in the second in which its container has just ended, however steady its neighbour is',
      sight(90, [
        container('new', { name: 'mesh' }),
        container('new', { state: 'terminated', exitCode: 1, ready: false, restartCount: 1 }),
      ]),
      'waiting',
    ],
    [
      'is recovered beside an init container that is through',
      sight(70, [
        container('new', { name: 'init', state: 'terminated', exitCode: 0, startedAt: '' }),
        container('new'),
      ]),
      'recovered',
    ],
    [
      'is not recovered while a pod that was added meanwhile is on no node yet',
      sight(90, [container('new')], { desired: 2, podUids: ['new', 'added'], currentPodUids: ['new', 'added'] }),
      'waiting',
    ],
    [
      'is not recovered by a template that somebody else wrote in the meantime',
      sight(90, [container('new')], { specHash: 'of somebody else' }),
      'failed',
    ],
    [
      'is not recovered because a pod was steady before the change',
      sight(10, [container('new', { startedAt: at(-900) })]),
      'waiting',
    ],
    [
      'has failed when nothing is ready after a quarter of an hour',
      sight(1_000, [container('new', { ready: false })]),
      'failed',
    ],
    [
      'whose image cannot be pulled has failed',
      sight(20, [container('new', { state: 'waiting', reason: 'ImagePullBackOff', ready: false, startedAt: '' })]),
      'failed',
    ],
    [
      'of a running pod is not recovered while the kubelet says that it is not in force',
      sight(70, [container('same')], { notInForce: 'api of api-0 still has 64Mi of memory (Deferred: not enough)' }),
      'waiting',
    ],
    [
      'of a running pod that the kubelet never puts in force has failed',
      sight(1_000, [container('same')], { notInForce: 'api of api-0 still has 64Mi of memory (Infeasible)' }),
      'failed',
    ],
    ['of a workload without pods is not recovered', sight(70, [], { desired: 1 }), 'waiting'],
  ])('%s', (_name, seen, expected) => {
    expect(judge(seen, watched).is).toBe(expected);
  });
});

test('a fix that is never steady for long enough, for something is new all the time, has failed in the end', () => {
  const seen = sight(961, [container('new', { startedAt: at(950) })]);
  const judged = judge(seen, watched);
  expect(judged.is).toBe('waiting');
  expect(atLast(judged, seen, watched)).toEqual({
    is: 'failed',
    words: 'After 16 min it is not steady: Ready 1 of 1, steady for 11 s.',
  });
  const before = sight(959, [container('new', { startedAt: at(950) })]);
  expect(atLast(judge(before, watched), before, watched).is).toBe('waiting');
});

test.each([
  [null, undefined, 210],
  [0, undefined, 60],
  [10, undefined, 60],
  [15, undefined, 75],
  [40, undefined, 150],
  [190, undefined, 600],
  [900, undefined, 600],
  [1, 5, 5],
  [40, 5, 40],
  [900, 5, 600],
  [null, 900, 900],
])('after crashes at %s s, with %s configured, a fix must be steady for %s s', (crash, fixed, seconds) => {
  expect(steadySecondsFor(crash, fixed)).toBe(seconds);
});

const warning = (seconds: number, reason = 'Unhealthy') => ({
  reason,
  message: 'Readiness probe failed: 503',
  pod: 'api-1',
  at: at(seconds),
});

test.each([
  [
    'a probe that failed a moment ago holds it back, and is named',
    warning(68),
    'waiting',
    /but Unhealthy: Readiness probe failed/,
  ],
  ['a probe that failed long before is past', warning(20), 'recovered', /no restart for 65 s/],
  ['a warning from before the new container says nothing', warning(2), 'recovered', /no restart/],
  ['a warning that is no sign of trouble is not counted', warning(68, 'DNSConfigForming'), 'recovered', /no restart/],
])('a pod that looks well: %s', (_name, warned, is, words) => {
  const judged = judge(sight(70, [container('new')], { warningsSince: [warned] }), watched);
  expect(judged).toEqual({ is, words: expect.stringMatching(words) });
});

test('a fix of what used to live longer than it was watched says so', () => {
  const judged = judge(sight(70, [container('new')]), { ...watched, earlierRunSeconds: 3600 });
  expect(judged.words).toMatch(/Earlier runs lived 1 h before they ended, so look again later\.$/);
  expect(judge(sight(70, [container('new')]), { ...watched, earlierRunSeconds: 20 }).words).not.toContain('Earlier');
});

test.each([
  ["KeyError: 'AVATAR_BUCKET'", "2026-11-21 INFO start\nKeyError: 'AVATAR_BUCKET'\n", true],
  ['12:00:01 could not connect to db:5432', '12:07:59 could not connect to db:5432', true],
  ['could not connect to db:5432', 'connected to db:5432', false],
  ['error', 'an error', false],
])('the words %j are said again in %j: %s', (proof, log, expected) => {
  expect(saysAgain(proof, log)).toBe(expected);
});
