// What each format says, and what it is taken to mean: a pod, a workload, or nothing that can be diagnosed.

import { describe, expect, test } from 'vitest';
import { readSignals } from '../src/alerts/formats.ts';
import type { Sender } from '../src/core/sender.ts';
import type { Signal } from '../src/core/signal.ts';
import { incidentKey } from '../src/roles/intake.ts';
import { alertOf, payloadOf, prometheus, senderOf } from './support/alerts.ts';

const NOW = '2026-11-21T03:00:00.000Z';
const auth = { bearer: 'a-token-long-enough-for-this' };
const read = (body: unknown, sender: Sender = prometheus) => readSignals(body, sender, NOW);
const one = (body: unknown, sender?: Sender): Signal => {
  const { signals, declined } = read(body, sender);
  expect(declined).toEqual([]);
  expect(signals).toHaveLength(1);
  return signals[0] as Signal;
};

describe('labels', () => {
  const KSM = { namespace: 'monitoring', pod: 'ksm-kube-state-metrics-7d9c-x2x2x', container: 'kube-state-metrics' };
  test.each([
    [
      'a pod',
      { namespace: 'shop', pod: 'cart-1', container: 'cart' },
      { namespace: 'shop', kind: 'Pod', name: 'cart-1', container: 'cart' },
    ],
    [
      "exported labels before kube-state-metrics' own",
      { namespace: 'monitoring', pod: 'ksm-1', exported_namespace: 'shop', exported_pod: 'cart-1' },
      { namespace: 'shop', kind: 'Pod', name: 'cart-1', container: '' },
    ],
    [
      'a deployment of an exported namespace, and not the pod that scraped it',
      { ...KSM, exported_namespace: 'shop', deployment: 'cart' },
      { namespace: 'shop', kind: 'Deployment', name: 'cart', container: '' },
    ],
    [
      'a deployment where honorLabels left the pod of kube-state-metrics',
      { ...KSM, namespace: 'shop', deployment: 'cart' },
      { namespace: 'shop', kind: 'Deployment', name: 'cart', container: '' },
    ],
    ['kube-state-metrics itself when it is the one that crashes', KSM, { kind: 'Pod', name: KSM.pod }],
    ['a deployment', { namespace: 'shop', deployment: 'cart' }, { kind: 'Deployment', name: 'cart' }],
    ['a statefulset', { namespace: 'shop', statefulset: 'db' }, { kind: 'StatefulSet', name: 'db' }],
    ['a daemonset', { namespace: 'shop', daemonset: 'agent' }, { kind: 'DaemonSet', name: 'agent' }],
    [
      'a Job by job_name, never by the scrape job',
      { namespace: 'shop', job_name: 'nightly', job: 'kube-state-metrics' },
      { kind: 'Job', name: 'nightly' },
    ],
    ['a CronJob', { namespace: 'shop', cronjob: 'backup' }, { kind: 'CronJob', name: 'backup' }],
    [
      'OpenTelemetry names',
      { 'k8s.namespace.name': 'shop', 'k8s.pod.name': 'cart-1' },
      { namespace: 'shop', name: 'cart-1' },
    ],
    [
      'Datadog names',
      { kube_namespace: 'shop', pod_name: 'cart-1', kube_container_name: 'cart' },
      { namespace: 'shop', name: 'cart-1', container: 'cart' },
    ],
  ])('name %s', (_name, labels, expected) => {
    expect(one(payloadOf(alertOf(labels)))).toMatchObject(expected);
  });

  test.each([
    ['names nothing that runs', {}, 'names no pod and no workload'],
    ['is about a node', { node: 'worker-1' }, 'is about a node'],
    ['names a pod of nowhere', { pod: 'cart-1' }, 'but no namespace'],
    ['names something that is no Kubernetes name', { namespace: 'shop', pod: '<!channel>' }, 'does not allow'],
    ['names a namespace that is none', { namespace: '../kube-system', pod: 'x' }, 'does not allow'],
  ])('decline in words an alert that %s', (_name, labels: { [name: string]: string }, words) => {
    const { signals, declined } = read(payloadOf(alertOf(labels)));
    expect(signals).toEqual([]);
    expect(declined).toEqual([expect.stringContaining(words)]);
  });

  test('are cut, not refused, when they are many or long', () => {
    const many = Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`label_${i}`, 'x'.repeat(5_000)]));
    const { labels } = one(payloadOf(alertOf({ namespace: 'shop', pod: 'cart-1', ...many })));
    expect(Object.keys(labels)).toHaveLength(64);
    expect(Math.max(...Object.values(labels).map((value) => value.length))).toBe(500);
  });
});

describe('the same trouble', () => {
  const alert = { namespace: 'shop', pod: 'cart-1' };
  test('keeps its delivery id from firing to resolved', () => {
    const [firing, resolved] = [one(payloadOf(alertOf(alert))), one(payloadOf(alertOf(alert, 'resolved')))];
    expect(resolved).toEqual({ ...firing, status: 'resolved' });
  });

  test('of another cluster is another trouble', () => {
    const other = senderOf({ name: 'us', format: 'alertmanager', auth, cluster: 'prod-us' });
    expect(one(payloadOf(alertOf(alert)), other).cluster).toBe('prod-us');
    expect(one(payloadOf(alertOf(alert)), other).deliveryId).not.toBe(one(payloadOf(alertOf(alert))).deliveryId);
  });

  test('of two pods of one ReplicaSet is one incident', () => {
    const key = (name: string) => incidentKey({ cluster: 'c', namespace: 'n', name, container: 'x' });
    expect(key('cart-api-5778979d57-9c9rc')).toBe(key('cart-api-5778979d57-tdww6'));
    expect(key('cart-api-5778979d57-9c9rc')).not.toBe(key('cart-web-5778979d57-9c9rc'));
  });
});

describe('Alertmanager', () => {
  test('is read alert by alert, each by its own status', () => {
    const { signals } = read(
      payloadOf(alertOf({ namespace: 'shop', pod: 'a-1' }), alertOf({ namespace: 'shop', pod: 'b-1' }, 'resolved')),
    );
    expect(signals.map(({ status }) => status)).toEqual(['firing', 'resolved']);
  });

  test('tells when it cut alerts from a group', () => {
    expect(read({ ...payloadOf(), truncatedAlerts: 12 }).notes).toEqual([expect.stringContaining('cut 12 alerts')]);
  });
});

test('Grafana says the same in an envelope of its own', () => {
  const grafana = senderOf({ format: 'grafana', auth });
  const alert = { ...alertOf({ namespace: 'shop', pod: 'cart-1', severity: 'Critical' }), values: { B: 22 }, orgId: 1 };
  const body = { receiver: 'x', status: 'firing', version: '1', orgId: 1, state: 'alerting', alerts: [alert] };
  expect(one(body, grafana)).toMatchObject({ source: 'one', kind: 'Pod', name: 'cart-1', severity: 'critical' });
  expect(() => read(payloadOf(alert), grafana)).toThrow('not a payload of Grafana');
});

test('Grafana as it really writes: values, links, numbers that are null, and a test that is about nothing', () => {
  const grafana = senderOf({ format: 'grafana', auth });
  const labels = {
    alertname: 'Pods in CrashLoopBackOff',
    grafana_folder: 'Kubernetes',
    namespace: 'shop',
    pod: 'cart-1',
    container: 'cart',
  };
  const more = {
    annotations: { summary: 'cart-1 restarts' },
    startsAt: '2026-11-21T03:30:00+01:00',
    endsAt: '0001-01-01T00:00:00Z',
    generatorURL: 'https://grafana.example/alerting/grafana/abc/view?orgId=1',
    silenceURL: 'https://grafana.example/alerting/silence/new',
    dashboardURL: '',
    panelURL: '',
    values: { A: 4, C: null },
    valueString: "[ var='A' labels={namespace=shop, pod=cart-1} value=4 ], [ var='C' labels={} value=1 ]",
  };
  const noData = {
    alertname: 'DatasourceNoData',
    datasource_uid: 'prom',
    ref_id: 'A',
    rulename: 'Pods',
    grafana_folder: 'Kubernetes',
  };
  const test = { alertname: 'TestAlert', instance: 'Grafana' };
  const alerts = [labels, noData, test].map((own, i) => ({
    status: 'firing',
    labels: own,
    fingerprint: `f${i}`,
    ...more,
  }));
  const body = {
    receiver: 'x',
    status: 'firing',
    orgId: 1,
    alerts,
    groupLabels: {},
    commonLabels: {},
    commonAnnotations: {},
    externalURL: '',
    appVersion: '12.1.0',
    version: '1',
    groupKey: '{}',
    truncatedAlerts: 0,
    title: '[FIRING:3]',
    state: 'alerting',
    message: '',
  };
  const { signals, declined } = read(body, grafana);
  expect(signals).toMatchObject([{ namespace: 'shop', name: 'cart-1', at: '2026-11-21T02:30:00.000Z' }]);
  expect(declined).toEqual([
    expect.stringMatching(/^DatasourceNoData names no pod/),
    expect.stringMatching(/^TestAlert names no pod/),
  ]);
});

describe('PagerDuty', () => {
  const pagerduty = senderOf({ format: 'pagerduty', auth: { hmac: { secret: 'a-secret-long-enough' } } });
  const event = (type: string, data: object) => ({
    event: { id: '01', event_type: type, resource_type: 'incident', occurred_at: NOW, data: { id: 'PT4K', ...data } },
  });

  test('names its pod in the title', () => {
    const title = '[FIRING:1] KubePodCrashLooping namespace=shop pod="cart-1", container: cart';
    const body = event('incident.triggered', { title, created_at: '2026-11-21T02:30:00Z', urgency: 'high' });
    expect(one(body, pagerduty)).toMatchObject({
      namespace: 'shop',
      name: 'cart-1',
      container: 'cart',
      at: '2026-11-21T02:30:00.000Z',
    });
  });

  test('names its pod in the details that the integration gave', () => {
    const details = { firing: 'Labels:\n - alertname = KubePodCrashLooping\n - namespace = shop\n - pod = cart-1\n' };
    const body = event('incident.triggered', { title: 'something is wrong', body: { details } });
    expect(one(body, pagerduty)).toMatchObject({ namespace: 'shop', name: 'cart-1', title: 'KubePodCrashLooping' });
  });

  test('names it in custom details, however deep, and their severity counts before its urgency', () => {
    const data = {
      type: 'incident',
      self: 'https://api.pagerduty.com/incidents/PGR0VU2',
      html_url: 'https://acme.pagerduty.com/incidents/PGR0VU2',
      number: 2,
      status: 'triggered',
      incident_key: 'd3640fbd41094207a1c11e58e46b1662',
      created_at: '2026-11-21T02:30:00Z',
      title: 'KubePodCrashLooping in production',
      service: {
        html_url: 'https://acme.pagerduty.com/services/PF9KMXH',
        id: 'PF9KMXH',
        summary: 'API Service',
        type: 'service_reference',
      },
      assignees: [{ id: 'PTUXL6G', summary: 'User 123', type: 'user_reference' }],
      escalation_policy: { id: 'PUS0KTE', summary: 'Default', type: 'escalation_policy_reference' },
      teams: [],
      priority: null,
      urgency: 'high',
      conference_bridge: null,
      resolve_reason: null,
      body: {
        type: 'incident_body',
        details: {
          custom_details: { severity: 'critical', target: { namespace: 'shop', pod: 'cart-1' }, num_firing: 1 },
        },
      },
    };
    const said = one(event('incident.triggered', data), pagerduty);
    expect(said).toMatchObject({ namespace: 'shop', name: 'cart-1', severity: 'critical' });
    const ping = {
      event: {
        id: '01',
        event_type: 'pagey.ping',
        resource_type: 'pagey',
        occurred_at: NOW,
        agent: null,
        client: null,
        data: { message: 'Hello from your friend Pagey!', type: 'ping' },
      },
    };
    expect(read(ping, pagerduty)).toEqual({ signals: [], declined: [], notes: [] });
  });

  test('resolves what it triggered, and an acknowledgement is no alert', () => {
    const title = 'namespace=shop pod=cart-1';
    const data = { title, created_at: '2026-11-21T02:30:00Z' };
    const fired = one(event('incident.triggered', data), pagerduty);
    expect(one(event('incident.resolved', data), pagerduty)).toEqual({ ...fired, status: 'resolved' });
    expect(read(event('incident.acknowledged', data), pagerduty)).toEqual({ signals: [], declined: [], notes: [] });
  });

  test('is declined in words when its title names no pod', () => {
    const { declined } = read(event('incident.triggered', { title: 'The server is on fire.' }), pagerduty);
    expect(declined).toEqual(['The server is on fire. names no pod and no workload, so there is nothing to diagnose']);
  });
});

describe('Azure Monitor', () => {
  const azure = senderOf({ format: 'azure', auth: { path: 'a-secret-long-enough' } });
  const common = (essentials: object, alertContext: object) => ({
    schemaId: 'azureMonitorCommonAlertSchema',
    data: {
      essentials: {
        alertId: '/subscriptions/1/providers/Microsoft.AlertsManagement/alerts/b956',
        alertRule: 'KubePodCrashLooping',
        severity: 'Sev1',
        monitorCondition: 'Fired',
        firedDateTime: '2026-11-21T02:30:00.3713213Z',
        alertTargetIDs: [
          '/subscriptions/1/resourcegroups/rg/providers/microsoft.containerservice/managedclusters/prod-eu',
        ],
        ...essentials,
      },
      alertContext,
    },
  });

  test('says the labels of a Prometheus rule', () => {
    const body = common({}, { labels: { alertname: 'KubePodCrashLooping', namespace: 'shop', pod: 'cart-1' } });
    expect(one(body, azure)).toMatchObject({ cluster: 'prod-eu', name: 'cart-1', severity: 'critical' });
  });

  test('says the dimensions of a log or metric alert', () => {
    const dimensions = [
      { name: 'PodName', value: 'cart-1' },
      { name: 'Namespace', value: 'shop' },
    ];
    const context = { conditionType: 'LogQueryCriteria', condition: { windowSize: 'PT5M', allOf: [{ dimensions }] } };
    expect(one(common({}, context), azure)).toMatchObject({ namespace: 'shop', name: 'cart-1' });
    expect(one(common({ monitorCondition: 'Resolved' }, context), azure).status).toBe('resolved');
  });

  test('says the controller of the pods where Container insights names no pod', () => {
    const metric = {
      metricName: 'restartingContainerCount',
      metricNamespace: 'insights.container/pods',
      operator: 'GreaterThan',
      threshold: '0',
      timeAggregation: 'Average',
      dimensions: [
        { name: 'controllerName', value: 'cart-7c4cf845f9' },
        { name: 'Kubernetes namespace', value: 'shop' },
      ],
      metricValue: 2,
      webTestName: null,
    };
    const context = {
      properties: null,
      conditionType: 'MultipleResourceMultipleMetricCriteria',
      condition: {
        windowSize: 'PT5M',
        staticThresholdFailingPeriods: { numberOfEvaluationPeriods: 0 },
        allOf: [metric],
      },
    };
    expect(
      one(common({ severity: 'Sev3', signalType: 'Metric', monitoringService: 'Platform' }, context), azure),
    ).toMatchObject({
      cluster: 'prod-eu',
      namespace: 'shop',
      kind: 'Pod',
      name: 'cart-7c4cf845f9',
      severity: 'info',
    });
  });

  test('of another schema is refused with the switch that cures it', () => {
    expect(() => read({ schemaId: 'AzureMonitorMetricAlert', data: {} }, azure)).toThrow('common alert schema');
  });
});

describe('a JSON of the sender’s own', () => {
  const datadog = senderOf({
    format: 'generic',
    auth,
    fields: {
      status: 'transition',
      id: 'key',
      at: 'since',
      title: 'title',
      severity: 'priority',
      labels: 'tags',
      resolved: ['Recovered'],
    },
  });
  const body = {
    transition: 'Triggered',
    key: 'abc',
    since: '1795314600000',
    title: 'Pod in CrashLoopBackOff',
    priority: 'P2',
    tags: 'env:prod,kube_namespace:shop,pod_name:cart-1,kube_cluster_name:prod-eu',
  };

  test('is read by its paths', () => {
    expect(one(body, datadog)).toMatchObject({
      cluster: 'prod-eu',
      namespace: 'shop',
      name: 'cart-1',
      title: 'Pod in CrashLoopBackOff',
      severity: 'p2',
      at: new Date(1_795_314_600_000).toISOString(),
    });
    expect(one({ ...body, transition: 'recovered' }, datadog).status).toBe('resolved');
  });

  test.each([
    ['an object', { namespace: 'shop', pod: 'cart-1' }],
    ['a list of pairs', ['namespace:shop', 'pod=cart-1']],
    [
      'a list of names and values',
      [
        { name: 'namespace', value: 'shop' },
        { key: 'pod', value: 'cart-1' },
      ],
    ],
  ])('takes labels as %s', (_name, tags) => {
    expect(one({ ...body, tags }, datadog)).toMatchObject({ namespace: 'shop', name: 'cart-1' });
  });

  test('takes a list of alerts, and a path before a label', () => {
    const listing = senderOf({
      format: 'generic',
      auth,
      fields: { alerts: 'data.alerts', labels: 'meta', namespace: 'where.ns', deployment: 'where.app' },
    });
    const alert = { meta: { namespace: 'monitoring' }, where: { ns: 'shop', app: 'cart' } };
    expect(one({ data: { alerts: [alert] } }, listing)).toMatchObject({
      namespace: 'shop',
      kind: 'Deployment',
      name: 'cart',
      at: NOW,
    });
    expect(() => read({ data: { alerts: 'none' } }, listing)).toThrow('list of JSON objects');
  });

  test('takes a body that is a list', () => {
    const flat = senderOf({ format: 'generic', auth, fields: { namespace: 'ns', pod: 'pod', id: 'id' } });
    const { signals } = read(
      [
        { ns: 'shop', pod: 'cart-1', id: '1' },
        { ns: 'shop', pod: 'cart-2', id: '2' },
      ],
      flat,
    );
    expect(signals.map(({ name }) => name)).toEqual(['cart-1', 'cart-2']);
    expect(() => read(['cart-1'], flat)).toThrow('JSON object');
  });

  test('whose sender knows no time is the same delivery however often it is sent', () => {
    const untimed = { ...body, since: '' };
    const later = readSignals(untimed, datadog, '2026-11-21T05:00:00.000Z').signals[0];
    expect(later?.deliveryId).toBe(one(untimed, datadog).deliveryId);
    expect(one({ ...untimed, key: 'def' }, datadog).deliveryId).not.toBe(later?.deliveryId);
  });

  test('does not take a placeholder for a name', () => {
    const { declined } = read({ ...body, tags: 'kube_namespace:shop,pod_name:{{pod_name.name}}' }, datadog);
    expect(declined).toEqual([expect.stringContaining('names no pod')]);
  });
});
