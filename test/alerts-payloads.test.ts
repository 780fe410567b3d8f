// What real senders write beyond the plain case: an exporter's own labels, a group in one text, values as lists, nulls.

import { describe, expect, test } from 'vitest';
import { readSignals } from '../src/alerts/formats.ts';
import type { Sender } from '../src/core/sender.ts';
import { alertOf, payloadOf, prometheus, senderOf } from './support/alerts.ts';

const NOW = '2026-11-21T03:00:00.000Z';
const auth = { bearer: 'a-token-long-enough-for-this' };
const read = (body: unknown, sender: Sender = prometheus) => readSignals(body, sender, NOW);
const found = (body: unknown, sender?: Sender): string[] =>
  read(body, sender).signals.map(
    ({ status, cluster, namespace, kind, name, container }) =>
      `${status} ${cluster}:${namespace}/${kind}/${name}/${container}`,
  );

describe('an exporter that keeps the labels of its own pod', () => {
  const ksm = {
    namespace: 'monitoring',
    pod: 'prom-kube-state-metrics-7d9c-x2x2x',
    container: 'kube-state-metrics',
    job: 'kube-state-metrics',
  };
  const exporter = {
    namespace: 'monitoring',
    pod: 'node-exporter-x7x2k',
    container: 'node-exporter',
    instance: '10.0.0.4:9100',
  };
  test.each([
    ['a node that is not ready', { ...ksm, node: 'worker-1' }, 'is about a node'],
    ['a file system of a node', { ...exporter, job: 'node-exporter', mountpoint: '/' }, 'is about a node'],
    ['an autoscaler', { ...ksm, horizontalpodautoscaler: 'cart' }, 'names no pod and no workload'],
    ['a quota', { ...ksm, namespace: 'shop', resourcequota: 'team' }, 'names no pod and no workload'],
  ])('is not taken for the one that is broken: %s', (_name, labels: { [name: string]: string }, words) => {
    const { signals, declined } = read(payloadOf(alertOf(labels)));
    expect(signals).toEqual([]);
    expect(declined).toEqual([expect.stringContaining(words)]);
  });

  test('is taken when it is the one that crashes', () => {
    const labels = { ...exporter, job: 'kube-state-metrics' };
    expect(found(payloadOf(alertOf(labels)))).toEqual(['firing :monitoring/Pod/node-exporter-x7x2k/node-exporter']);
  });
});

test.each([
  ['a ReplicaSet', { replicaset: 'cart-5778979d57' }, 'Pod/cart-5778979d57/'],
  ['the workload of a recording rule', { workload: 'cart', workload_type: 'deployment' }, 'Deployment/cart/'],
  ['the owner of a pod', { owner_kind: 'StatefulSet', owner_name: 'db' }, 'StatefulSet/db/'],
  [
    'an owner of a kind that runs nothing',
    { owner_kind: 'Node', owner_name: 'worker-1', pod: 'etcd-0' },
    'Pod/etcd-0/',
  ],
])('%s is found by its name', (_name, labels, subject) => {
  expect(found(payloadOf(alertOf({ namespace: 'shop', ...labels })))).toEqual([`firing :shop/${subject}`]);
});

describe('PagerDuty with the details that Alertmanager gives it', () => {
  const pagerduty = senderOf({ format: 'pagerduty', auth: { hmac: { secret: 'a-secret-long-enough' } } });
  const listed = (labels: { [name: string]: string }): string =>
    `Labels:\n${Object.entries(labels)
      .map(([name, value]) => ` - ${name} = ${value}`)
      .join(
        '\n',
      )}\nAnnotations:\n - description = namespace: other, pod: other-1\nSource: http://prometheus/graph?g0.tab=1\n`;
  const cart = listed({ alertname: 'KubePodCrashLooping', container: 'cart', namespace: 'shop', pod: 'cart-1' });
  const web = listed({ alertname: 'KubeDeploymentReplicasMismatch', deployment: 'web', namespace: 'front' });
  const over = listed({ alertname: 'KubePodCrashLooping', namespace: 'old', pod: 'gone-1' });
  const event = (type: string, details: object) => ({
    event: {
      id: '01',
      event_type: type,
      occurred_at: NOW,
      data: {
        id: 'PGR',
        title: '[FIRING:2] prod',
        created_at: '2026-11-21T02:30:00Z',
        priority: null,
        urgency: 'high',
        body: { type: 'incident_body', details },
      },
    },
  });

  test('is one alert for each of the group, none mixed with another, and none that had ended', () => {
    const details = { firing: cart + web, num_firing: '2', num_resolved: '1', resolved: over };
    const { signals } = read(event('incident.triggered', details), pagerduty);
    expect(found(event('incident.triggered', details), pagerduty)).toEqual([
      'firing :shop/Pod/cart-1/cart',
      'firing :front/Deployment/web/',
    ]);
    expect(new Set(signals.map(({ deliveryId }) => deliveryId)).size).toBe(2);
    const ended = read(event('incident.resolved', details), pagerduty).signals;
    expect(ended).toEqual(signals.map((signal) => ({ ...signal, status: 'resolved' })));
  });

  test('without a title, an id or a time is read all the same', () => {
    const bare = event('incident.triggered', { firing: cart });
    Object.assign(bare.event.data, { id: null, title: null, created_at: null });
    expect(found(bare, pagerduty)).toEqual(['firing :shop/Pod/cart-1/cart']);
  });
});

describe('Azure Monitor', () => {
  const azure = senderOf({ format: 'azure', auth: { path: 'a-secret-long-enough' } });
  const cluster = '/subscriptions/1/resourcegroups/rg/providers/microsoft.containerservice/managedclusters/prod-eu';
  const alert = (searchQuery: string | null, dimensions: object[], essentials: object = {}) => ({
    schemaId: 'azureMonitorCommonAlertSchema',
    data: {
      essentials: {
        alertId: '/subscriptions/1/providers/Microsoft.AlertsManagement/alerts/b956',
        alertRule: 'Crash loops',
        severity: 'Sev2',
        signalType: 'Log',
        monitorCondition: 'Fired',
        monitoringService: 'Log Alerts V2',
        alertTargetIDs: [cluster],
        firedDateTime: '2026-11-21T02:30:00.37Z',
        ...essentials,
      },
      alertContext: {
        properties: {},
        conditionType: 'LogQueryCriteria',
        condition: { windowSize: 'PT10M', allOf: [{ searchQuery, metricMeasureColumn: null, dimensions }] },
      },
      customProperties: null,
    },
  });
  const dimensions = [
    { name: 'Name', value: 'cart-1' },
    { name: 'Namespace', value: 'shop' },
    { name: 'ContainerName', value: '4a9c0d0e-5a6c-4e0e-9a0e-3a5c/cart' },
  ];

  test('splits a query of KubePodInventory by that table’s own columns', () => {
    expect(found(alert('KubePodInventory\n| summarize count() by Name', dimensions), azure)).toEqual([
      'firing prod-eu:shop/Pod/cart-1/cart',
    ]);
    expect(found(alert('Heartbeat | summarize count() by Name', dimensions), azure)).toEqual([]);
  });

  test('names a controller and its kind', () => {
    const controller = (kind: string, value: string) => [
      { name: 'ControllerKind', value: kind },
      { name: 'ControllerName', value },
      { name: 'Namespace', value: 'shop' },
    ];
    expect(found(alert(null, controller('DaemonSet', 'agent')), azure)).toEqual([
      'firing prod-eu:shop/DaemonSet/agent/',
    ]);
    expect(found(alert(null, controller('ReplicaSet', 'cart-7c4cf845f9')), azure)).toEqual([
      'firing prod-eu:shop/Pod/cart-7c4cf845f9/',
    ]);
  });

  test('writes null where it knows nothing, and a severity of its own is no stranger', () => {
    const nothing = { alertRule: null, severity: 'constructor', alertTargetIDs: null, firedDateTime: null };
    const { signals } = read(alert('KubePodInventory', dimensions, nothing), azure);
    expect(signals).toMatchObject([{ cluster: '', title: 'an alert', severity: 'constructor', at: NOW }]);
  });
});

describe('a JSON of the sender’s own', () => {
  const generic = (fields: object): Sender => senderOf({ format: 'generic', auth, fields });

  test('of Google Cloud Monitoring', () => {
    const google = generic({
      status: 'incident.state',
      id: 'incident.incident_id',
      at: 'incident.started_at',
      title: 'incident.policy_name',
      severity: 'incident.severity',
      labels: 'incident.resource.labels',
    });
    const incident = {
      incident_id: '0.n8v1',
      scoping_project_id: 'acme',
      started_at: 1_795_314_600,
      ended_at: null,
      state: 'open',
      resource: {
        type: 'k8s_container',
        labels: {
          project_id: 'acme',
          location: 'europe-west1',
          cluster_name: 'prod-eu',
          namespace_name: 'shop',
          pod_name: 'cart-1',
          container_name: 'cart',
        },
      },
      metric: { type: 'kubernetes.io/container/restart_count', labels: {} },
      policy_name: 'Restarts',
      severity: 'Critical',
    };
    expect(found({ version: '1.2', incident }, google)).toEqual(['firing prod-eu:shop/Pod/cart-1/cart']);
    const closed = { ...incident, state: 'closed', ended_at: 1_795_314_900 };
    expect(read({ version: '1.2', incident: closed }, google).signals).toEqual(
      read({ version: '1.2', incident }, google).signals.map((signal) => ({ ...signal, status: 'resolved' })),
    );
  });

  test.each([
    [
      'New Relic, every value a list',
      { clusterName: ['prod-eu'], namespaceName: ['shop'], podName: ['cart-1'], containerName: ['cart'] },
      'firing prod-eu:shop/Pod/cart-1/cart',
    ],
    [
      'New Relic, a Deployment',
      { 'k8s.clusterName': 'prod-eu', 'k8s.namespaceName': 'shop', 'k8s.deploymentName': 'cart' },
      'firing prod-eu:shop/Deployment/cart/',
    ],
    [
      'Splunk with the fields of Fluentd',
      {
        'kubernetes.namespace_name': 'shop',
        'kubernetes.pod_name': 'cart-1',
        'kubernetes.container_name': 'cart',
        count: '3',
      },
      'firing :shop/Pod/cart-1/cart',
    ],
    [
      'Elastic, nested',
      { kubernetes: { namespace: 'shop', pod: { name: 'cart-1' }, container: { name: 'cart' }, labels: null } },
      'firing :shop/Pod/cart-1/cart',
    ],
    [
      'Datadog, a ReplicaSet',
      ['kube_namespace:shop', 'kube_replica_set:cart-5778979d57', 'pod_phase:running', 'monitor'],
      'firing :shop/Pod/cart-5778979d57/',
    ],
  ])('with labels of %s', (_name, labels, subject) => {
    expect(found({ labels }, generic({ labels: 'labels' }))).toEqual([subject]);
  });

  test('is not followed down without end', () => {
    const deep = Array.from({ length: 10_000 }).reduce<object>((inner) => ({ pod: inner }), { name: 'cart-1' });
    expect(found({ labels: { namespace: 'shop', deep } }, generic({ labels: 'labels' }))).toEqual([]);
  });
});
