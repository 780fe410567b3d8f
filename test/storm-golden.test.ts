// What people read when one message speaks for several incidents, kept as text: storm, overview, digest, a member, and the
// lines that lead from one to another.

import { test } from 'vitest';
import type { IncidentEvent } from '../src/core/incident/events.ts';
import type { StormEvent, StormState, Subject } from '../src/core/storm/state.ts';
import { stormStep } from '../src/core/storm/step.ts';
import { lookOf } from '../src/slack/post.ts';
import { stormLookOf } from '../src/slack/storm.ts';
import { isKept, part } from './support/golden.ts';
import { diagnosed, INCIDENT, planned, recorded, request, type Told, tell } from './support/slack-story.ts';

const START = Date.parse('2026-11-21T10:02:00.000Z');
const SETTINGS = { workspaceUrl: 'https://acme.slack.com/', someoneMayApprove: true, remediation: true };

function joins(
  number: number,
  subject: Subject,
  {
    namespace = 'billing',
    name = `app-${number}`,
    ...more
  }: Partial<Extract<StormEvent, { type: 'joined' }>['member']> = {},
): StormEvent {
  const member = { incident: `i${number}`, namespace, name, cause: 'dependency-refused', isRoot: false, ...more };
  const root = {
    key: 'workload/billing/StatefulSet/invoice-db',
    grade: 'confirmed' as const,
    summary: 'its data directory was written by PostgreSQL 14, and the image is 15',
    proof: 'FATAL:  database files are incompatible with server',
  };
  return {
    type: 'joined',
    id: 'storm-1',
    subject,
    limits: { workloads: 3, waitSeconds: 900, perMinute: 10 },
    cluster: 'prod-eu',
    channel: 'C0OPS',
    mention: number === 0 ? 'S0BILLING' : '',
    member,
    root: subject.is === 'place' && subject.place.kind === 'dependency' ? root : null,
  };
}

function storm(events: [minutes: number, event: StormEvent][]): StormState {
  let state: StormState | null = null;
  for (const [minutes, event] of events)
    ({ state } = stormStep(state, event, new Date(START + minutes * 60_000).toISOString()));
  return state!;
}

const checked: StormEvent = { type: 'checked', ended: {} };
const all = (count: number, minutes: number, how = 'recovered') =>
  Array.from({ length: count }, (_, i): [number, StormEvent] => [minutes, { type: 'left', incident: `i${i}`, how }]);
const shown = (title: string, state: StormState): string => part(title, stormLookOf(state, 'storm', SETTINGS)!);
const ended = (title: string, state: StormState): string => part(title, stormLookOf(state, 'storm-end', SETTINGS)!);

test('a database is down: the card, while some recover, its end, and back', () => {
  const db: Subject = {
    is: 'place',
    place: { kind: 'dependency', id: 'dependency/invoice-db.billing', name: 'invoice-db' },
  };
  const names = ['invoice-worker', 'invoice-api', 'dunning', 'ledger', 'exports', 'refunds', 'statements', 'checkout'];
  const events = names.map((name, i): [number, StormEvent] => [
    i / 10,
    joins(i, db, { name, namespace: i < 7 ? 'billing' : 'shop' }),
  ]);
  const root: [number, StormEvent] = [1, joins(8, db, { name: 'invoice-db', isRoot: true })];
  const open: [number, StormEvent][] = [...events, root, [1, checked]];
  const over: [number, StormEvent][] = [...open, ...all(9, 24)];
  const what = recorded('bad-rollout-env-removed');
  const cured = (title: string, events: Told): string =>
    part(title, stormLookOf(storm(open), 'storm', { ...SETTINGS, root: tell('2026-11-21T10:03:00.000Z', events) })!);
  isKept(
    'storm-database.txt',
    [
      shown('storm', storm(open)),
      cured('with the remedies of the database', diagnosed(what)),
      cured('while one of them waits for its approval', planned(what, 'rollback').events),
      shown('some of them run again', storm([...open, ...all(3, 20)])),
      shown('over', storm(over)),
      ended('its end', storm(over)),
      ended('and back', storm([...over, [30, joins(1, db, { name: 'invoice-api' })]])),
    ].join('\n'),
  );
});

test('the other places', () => {
  const of = (kind: Extract<Subject, { is: 'place' }>['place']['kind'], name: string): string => {
    const subject: Subject = { is: 'place', place: { kind, id: `${kind}/x`, name } };
    return shown(
      kind,
      storm([
        [0, joins(0, subject)],
        [0, joins(1, subject)],
        [0, joins(2, subject)],
        [0, checked],
      ]),
    );
  };
  isKept(
    'storm-places.txt',
    [
      of('node', 'node-3'),
      of('dns', 'DNS'),
      of('api-server', 'the API server'),
      of('configmap', 'app-settings'),
      of('secret', 'db-credentials'),
      of('image', 'registry.example.com/shop/web:v3'),
      of('registry', 'registry.example.com'),
      of('quota', 'team-blue'),
      of('webhook', 'policy.example.com'),
    ].join('\n'),
  );
});

test('too many at once', () => {
  const overview: Subject = { is: 'overview' };
  const events = Array.from({ length: 40 }, (_, i): [number, StormEvent] => [
    i / 60,
    joins(i, overview, {
      namespace: ['shop', 'cart', 'billing', 'etl', 'edge', 'search'][i % 6] ?? '',
      cause: 'env-missing',
    }),
  ]);
  const open: [number, StormEvent][] = [...events, [1, checked], ...all(2, 1, 'shown')];
  const calm: [number, StormEvent][] = [...open, [5, { type: 'due' }]];
  const end: [number, StormEvent][] = [
    ...calm,
    ...Array.from({ length: 38 }, (_, i): [number, StormEvent] => [
      40,
      { type: 'left', incident: `i${i + 2}`, how: 'recovered' },
    ]),
  ];
  isKept(
    'overview.txt',
    [shown('overview', storm(open)), shown('over', storm(end)), ended('its end', storm(end))].join('\n'),
  );
});

test('small ones, together at their time', () => {
  const digest: Subject = { is: 'digest', at: '2026-11-21T11:00:00.000Z' };
  const events = Array.from({ length: 15 }, (_, i): [number, StormEvent] => [
    i,
    joins(i, digest, { cause: 'evicted' }),
  ]);
  const due: [number, StormEvent][] = [
    [58, { type: 'due' }],
    [58, checked],
  ];
  isKept(
    'digest.txt',
    [
      shown('digest', storm([...events, ...all(2, 20), ...due])),
      shown('when all are over', storm([...events, ...due, ...all(15, 70)])),
    ].join('\n'),
  );
});

test('a member in the thread, and the lines that lead from where it stood', () => {
  const what = recorded('config-key-renamed-optional');
  const alert = { severity: 'warning', labels: {}, at: what.report.status.now };
  const [, ...rest] = diagnosed(what);
  const signalled: [number, IncidentEvent] = [
    0,
    { type: 'asked', id: INCIDENT, request: { ...request(), by: { kind: 'alert', id: 'alertmanager' }, alert } },
  ];
  const card: [number, IncidentEvent] = [1, { type: 'posted', message: 'card', ts: '1795276256.051000' }];
  const gathered: [number, IncidentEvent] = [2, { type: 'gathered', storm: 'storm-1', silent: false }];
  const member: [number, IncidentEvent] = [3, { type: 'posted', message: 'member', ts: '1795276300.051000' }];
  const among = tell(what.report.status.now, [signalled, ...rest, card, gathered, member]);
  const parted = tell(what.report.status.now, [
    signalled,
    ...rest,
    gathered,
    member,
    [4, { type: 'parted', storm: 'storm-1' }],
    card,
  ]);
  const settings = { ...SETTINGS, storm: { channel: 'C0OPS', ts: '1795276290.051000' } };
  isKept(
    'storm-member.txt',
    [
      part('in the thread of the others', lookOf(among, 'member', settings)!),
      part('the card that it had before', lookOf(among, 'card', settings)!),
      part('its place in the thread after it got another cause', lookOf(parted, 'member', SETTINGS)!),
      part('its own card then', lookOf(parted, 'card', SETTINGS)!),
    ].join('\n'),
  );
});
