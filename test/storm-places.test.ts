// Which incidents share a place: from recordings through the real engine, and what the same place is called by others.

import { describe, expect, test } from 'vitest';
import type { Cause, Report } from '../src/core/report.ts';
import { placeOf, rootKey } from '../src/core/storm/places.ts';
import { recorded, withRoot } from './support/slack-story.ts';

describe('what an incident shares with others is read from its answer', () => {
  test.each([
    ['dependency-refused-postgres', 'dependency/ledger-db.billing-ledger'],
    ['dependency-timeout-python', 'dependency/10.44.12.9'],
    ['liveness-fails-on-dependency', 'dependency/presence-redis.chat-presence'],
    ['init-container-waiting', 'dependency/cms-postgres.cms-preview'],
    ['redis-max-clients', 'dependency/events-redis.queue-events'],
    ['config-key-renamed-optional', 'configmap/catalog-feed/product-feed-config'],
    ['volume-configmap-missing', 'configmap/search-indexer/search-synonyms'],
    ['config-malformed-nginx', 'configmap/edge-proxy/edge-nginx'],
    ['secret-missing-envref', 'secret/billing-core/invoice-db-credentials'],
    ['auth-failed-postgres', 'secret/billing-dunning/dunning-app'],
    ['image-pull-bad-tag', 'image/registry.example.com/shop/storefront:v3.99.0'],
    ['quota-exceeded', 'quota/team-blue'],
    // Nobody else breaks for the same reason.
    ['bad-rollout-env-removed', undefined],
    ['oom-startup-python', undefined],
    ['liveness-wrong-port', undefined],
    ['silent-exit', undefined],
    ['healthy', undefined],
  ])('%s: %s', (name, id) => {
    expect(placeOf(recorded(name).report)?.id).toBe(id);
  });
});

const plain = recorded('bad-rollout-env-removed').report;

function saying(cause: Cause['cause'], detail: Cause['detail'], more: Partial<Report> = {}): Report {
  const [first] = plain.causes;
  if (!first) throw new Error('the recording has a cause');
  return { ...plain, causes: [{ ...first, cause, detail }], ...more };
}

const inNamespace = (namespace: string) => ({ target: { ...plain.target, namespace } });

describe('the same place has one name', () => {
  test.each([
    ['db', 'shop', 'dependency/db.shop'],
    ['db:5432', 'shop', 'dependency/db.shop'],
    ['postgres://app@db.shop:5432/x', 'web', 'dependency/db.shop'],
    ['db.shop.svc.cluster.local', 'web', 'dependency/db.shop'],
    ['db', 'web', 'dependency/db.web'],
    ['db.example.com', 'web', 'dependency/db.example.com'],
    ['10.0.0.7:6379', 'web', 'dependency/10.0.0.7:6379'],
    ['localhost:8080', 'web', undefined],
    ['127.0.0.1:8080', 'web', undefined],
  ])('host %s from %s: %s', (host, namespace, id) => {
    expect(placeOf(saying('dependency-refused', { host }, inNamespace(namespace)))?.id).toBe(id);
  });

  test.each<[Cause['cause'], Cause['detail'], string | undefined]>([
    ['node-not-ready', { node: 'node-3' }, 'node/node-3'],
    ['webhook-unavailable', { webhook: 'policy.example.com' }, 'webhook/policy.example.com'],
    ['coredns-forward-loop', {}, 'dns/'],
    ['apiserver-unreachable', { host: '10.96.0.1' }, 'api-server/'],
    ['image-pull-denied', { image: 'registry.example.com/a:1' }, 'registry/registry.example.com'],
    ['image-pull-rate-limited', { image: 'library/redis:7' }, 'registry/docker.io'],
    ['image-registry-unreachable', { image: 'redis' }, 'registry/docker.io'],
    ['config-malformed', { file: '/etc/app.yaml' }, undefined],
  ])('%s %o: %s', (cause, detail, id) => {
    expect(placeOf(saying(cause, detail))?.id).toBe(id);
  });

  test('a name that the cluster has and nobody can resolve is the name service’s trouble', () => {
    const fact = { kind: 'dependency' as const, text: 'Service db has 2 ready', at: 'services[db]' };
    const lost = saying('dependency-dns-not-found', { host: 'db' });
    expect(placeOf(lost)?.id).toBe(`dependency/db.${plain.target.namespace}`);
    expect(placeOf({ ...lost, context: [fact] })?.id).toBe('dns/');
  });

  test('a node that is not ready explains its pods, whatever they say', () => {
    const fact = { kind: 'node' as const, text: 'node node-3: Ready=Unknown (NodeStatusUnknown)', at: 'Node/node-3' };
    const refused = saying('dependency-refused', { host: 'db' });
    expect(placeOf({ ...refused, context: [fact] })?.id).toBe('node/node-3');
    const pressure = { ...fact, text: 'node node-3: MemoryPressure=True' };
    expect(placeOf({ ...refused, context: [pressure] })?.kind).toBe('dependency');
  });

  test('what is only possibly the cause is shared with nobody', () => {
    const report = saying('dependency-refused', { host: 'db' });
    const unsure = report.causes.map((one) => ({ ...one, grade: 'possible' as const }));
    expect(placeOf({ ...report, causes: unsure })).toBeUndefined();
  });

  test('who waits for a database and the database itself meet', () => {
    const waiting = withRoot(recorded('dependency-refused-postgres').report);
    const own = { target: { ...waiting.target, workload: { kind: 'StatefulSet', name: 'ledger-db' } } };
    expect(placeOf(waiting)?.id).toBe('dependency/ledger-db.billing-ledger');
    expect(rootKey(waiting.root!)).toBe(rootKey(own));
  });
});
