// Where messages go: a table of a policy's routes, read aloud.

import { describe, expect, test } from 'vitest';
import { policyFile } from '../src/core/policy/file.ts';
import { labelsRouted, mentionOf, routeFor } from '../src/core/policy/route.ts';

const policy = policyFile.parse({
  version: 1,
  read: ['C0OPS', 'C0SHOP', 'C0PAY', 'C0LOW'].map((channel) => ({
    channel,
    clusters: ['prod', 'stage'],
    namespaces: channel === 'C0PAY' ? ['payments'] : ['*'],
  })),
  route: [
    { name: 'payments pages', namespaces: ['payments'], severities: ['critical'], channel: 'C0PAY', mention: 'S0PAY' },
    { name: 'not allowed there', namespaces: ['shop-*'], labels: { tier: 'gold' }, channel: 'C0PAY' },
    {
      name: 'shop',
      clusters: ['prod'],
      namespaces: ['shop-*'],
      channel: 'C0SHOP',
      mention: 'S0SHOP',
      quietHours: [{ days: ['fri', 'sat'], from: '22:00', to: '07:00', timeZone: 'Europe/Berlin' }],
    },
    { name: 'team by annotation', annotations: { team: 'data' }, channel: 'C0SHOP' },
    { name: 'small things', severities: ['info'], channel: 'C0LOW', digest: 'hourly' },
    { name: 'stage', clusters: ['stage'], channel: 'C0LOW', digest: 'daily' },
  ],
});

const NOON = '2026-11-20T12:00:00Z'; // a Friday
const NIGHT = '2026-11-20T21:30:00Z'; // 22:30 in Berlin

test.each([
  // cluster, namespace, severity, labels, annotations, now → rule, channel, mention, digest
  ['prod', 'payments', 'critical', {}, {}, NOON, 'payments pages', 'C0PAY', 'S0PAY', ''],
  ['prod', 'payments', 'page', {}, {}, NOON, 'payments pages', 'C0PAY', 'S0PAY', ''],
  ['prod', 'payments', 'warning', {}, {}, NOON, '', 'C0OPS', '', ''],
  ['prod', 'payments', '', {}, {}, NOON, '', 'C0OPS', '', ''],
  ['prod', 'shop-web', 'warning', {}, {}, NOON, 'shop', 'C0SHOP', 'S0SHOP', ''],
  ['prod', 'shop-web', 'warning', {}, {}, NIGHT, 'shop', 'C0SHOP', '', ''],
  ['prod', 'shop-web', 'warning', { tier: 'gold' }, {}, NOON, 'shop', 'C0SHOP', 'S0SHOP', ''],
  ['stage', 'shop-web', 'warning', {}, {}, NOON, 'stage', 'C0LOW', '', '2026-11-20T13:00:00.000Z'],
  ['prod', 'etl', 'critical', {}, { team: 'data' }, NOON, 'team by annotation', 'C0SHOP', '', ''],
  ['prod', 'etl', 'info', {}, {}, NOON, 'small things', 'C0LOW', '', '2026-11-20T13:00:00.000Z'],
  ['prod', 'etl', 'constructor', {}, {}, NOON, '', 'C0OPS', '', ''],
])('%s/%s, severity "%s", %o, %o at %s: rule "%s", channel %s, mention "%s", digest "%s"', (...row) => {
  const [cluster, namespace, severity, labels, annotations, now, rule, channel, mention, digestAt] = row;
  const found = routeFor(policy, { cluster, namespace, severity, labels, annotations }, 'C0OPS', now);
  // A daily digest comes at nine where the rule lives.
  const expected = rule === 'stage' ? '2026-11-21T09:00:00.000Z' : digestAt;
  expect(found).toEqual({ rule, channel, mention, digestAt: expected });
});

describe('quiet hours', () => {
  const rule = policy.route[2]!;
  test.each([
    ['2026-11-20T20:59:00Z', 'S0SHOP'], // 21:59 on Friday
    ['2026-11-20T21:00:00Z', ''],
    ['2026-11-21T05:59:00Z', ''], // 06:59 on Saturday morning
    ['2026-11-21T06:00:00Z', 'S0SHOP'],
    ['2026-11-22T05:00:00Z', ''], // the night that Saturday began
    ['2026-11-22T21:00:00Z', 'S0SHOP'], // Sunday evening
  ])('at %s the mention is "%s"', (now, mention) => {
    expect(mentionOf(rule, now)).toBe(mention);
  });
});

test.each([
  // Quiet from 22:00 to 07:00 in Berlin, every day: full hours from 07:00 on, which is 06:00 UTC.
  ['hourly', '2026-11-20T18:20:00Z', '2026-11-20T19:00:00.000Z'],
  ['hourly', '2026-11-20T20:59:00Z', '2026-11-21T06:00:00.000Z'],
  ['hourly', '2026-11-21T05:59:00Z', '2026-11-21T06:00:00.000Z'],
  ['daily', '2026-11-20T20:59:00Z', '2026-11-21T08:00:00.000Z'],
] as const)('a %s collecting message is held back by quiet hours: at %s it is due at %s', (digest, now, due) => {
  const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
  const quietHours = [{ days, from: '22:00', to: '07:00', timeZone: 'Europe/Berlin' }];
  const read = [{ channel: 'C0LOW', clusters: ['prod'], namespaces: ['*'] }];
  const quiet = policyFile.parse({
    version: 1,
    read,
    route: [{ name: 'small', channel: 'C0LOW', digest, quietHours }],
  });
  const subject = { cluster: 'prod', namespace: 'etl', severity: 'info', labels: {}, annotations: {} };
  expect(routeFor(quiet, subject, 'C0OPS', now).digestAt).toBe(due);
});

test('of an alert only the labels are kept that a route asks about', () => {
  expect(labelsRouted(policy, { tier: 'gold', pod: 'x', __proto__: 'y' })).toEqual({ tier: 'gold' });
});
