// Pastes as people make them. The files in fixtures/paste are written by hand after how kubectl prints: layouts of
// describe from pkg/describe/describe.go (1.18: events signed "kubelet, NODE", ages "<unknown>", tolerations without
// op=; oc 4: SeccompProfile and multi-line annotations), tables from pkg/printers, errors from kubectl logs.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { diagnose } from '../src/core/diagnose.ts';
import { evidenceFrom } from '../src/core/evidence-from.ts';
import { at, objects } from '../src/core/json.ts';
import { readPaste } from '../src/core/paste.ts';
import type { KubeObject, Snapshot } from '../src/core/snapshot.ts';
import { rules } from '../src/rules/index.ts';

function paste(file: string): Snapshot {
  return readPaste(readFileSync(join(import.meta.dirname, 'fixtures', 'paste', file), 'utf8'));
}

function pod(snapshot: Snapshot, n = 0): KubeObject {
  return snapshot.objects.filter((o) => o.kind === 'Pod')[n]!;
}

function whyUnread(snapshot: Snapshot, address: string): string | undefined {
  return snapshot.unread.find(
    (part) => address === part.at || (address.startsWith(part.at) && ':.[/'.includes(address[part.at.length]!)),
  )?.why;
}

const cut = 'the pasted text ends before it';
const notPasted = 'not part of the pasted text';
const notShown = 'kubectl describe does not show it';

describe('describe in other layouts', () => {
  it('of kubectl 1.18: docker, secret volumes, events signed with the node, ages unknown', () => {
    const snapshot = paste('kubectl-1.18.txt');
    const p = pod(snapshot);
    expect(p).toMatchObject({
      metadata: {
        name: 'payments-api-6f9c5d7b8d-2xkqz',
        namespace: 'payments',
        annotations: { 'prometheus.io/scrape': 'true' },
        ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'payments-api-6f9c5d7b8d' }],
      },
      spec: {
        nodeName: 'ip-10-0-3-17.eu-west-1.compute.internal',
        nodeSelector: { disktype: 'ssd', zone: 'a' },
        initContainers: [
          {
            name: 'migrate',
            command: ['/bin/sh', '-c', 'set -e\n./migrate up\necho done'],
            envFrom: [
              { configMapRef: { name: 'payments-config' } },
              { prefix: 'DB_', secretRef: { name: 'payments-db', optional: true } },
            ],
          },
        ],
        containers: [
          {
            name: 'api',
            image: 'registry.example.com/payments/api:4.0.2',
            ports: [
              { containerPort: 8080, protocol: 'TCP' },
              { containerPort: 9090, protocol: 'TCP' },
            ],
            resources: { limits: { cpu: '500m', memory: '256Mi' }, requests: { cpu: '100m', memory: '256Mi' } },
            livenessProbe: {
              httpGet: { path: '/healthz', port: 8080, scheme: 'HTTP' },
              initialDelaySeconds: 15,
              timeoutSeconds: 1,
              periodSeconds: 10,
              successThreshold: 1,
              failureThreshold: 3,
            },
            readinessProbe: { exec: { command: ['cat', '/tmp/ready'] }, timeoutSeconds: 2, periodSeconds: 5 },
            env: [
              { name: 'POD_NAME', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.name' } } },
              { name: 'MEM_LIMIT', valueFrom: { resourceFieldRef: { resource: 'limits.memory' } } },
              { name: 'DB_PASSWORD', valueFrom: { secretKeyRef: { name: 'payments-db', key: 'password' } } },
              {
                name: 'CURRENCY',
                valueFrom: { configMapKeyRef: { name: 'payments-config', key: 'currency', optional: true } },
              },
              { name: 'JAVA_OPTS', value: '-Xmx512m' },
              { name: 'EMPTY', value: '' },
            ],
            volumeMounts: [
              { mountPath: '/etc/app/app.yaml', name: 'config', readOnly: true, subPath: 'app.yaml' },
              { name: 'default-token-7k2xp' },
              { mountPath: '/work', name: 'scratch' },
            ],
          },
        ],
        volumes: [
          { name: 'config', configMap: { name: 'payments-config' } },
          { name: 'scratch', emptyDir: { medium: 'Memory', sizeLimit: '64Mi' } },
          { name: 'default-token-7k2xp', secret: { secretName: 'default-token-7k2xp' } },
        ],
      },
      status: {
        initContainerStatuses: [{ state: { terminated: { exitCode: 0, reason: 'Completed' } } }],
        containerStatuses: [
          {
            state: { waiting: { reason: 'CrashLoopBackOff' } },
            lastState: { terminated: { exitCode: 137, reason: 'OOMKilled', finishedAt: '2021-01-04T09:05:41Z' } },
            restartCount: 5,
          },
        ],
      },
    });
    expect(snapshot.now).toBe('2021-01-04T09:05:41Z');
    const events = snapshot.objects.filter((o) => o.kind === 'Event');
    expect(events.map((e) => [e.reason, e.count, e.lastTimestamp])).toEqual([
      ['Scheduled', 1, undefined],
      ['Pulled', 1, '2021-01-04T08:59:40Z'],
      ['Started', 4, '2021-01-04T09:02:41Z'],
      ['BackOff', 12, '2021-01-04T09:05:11Z'],
    ]);
    expect(events[3]).toMatchObject({
      source: { component: 'kubelet', host: 'ip-10-0-3-17.eu-west-1.compute.internal' },
      message: 'Back-off restarting failed container',
      firstTimestamp: '2021-01-04T09:00:39Z',
    });
  });

  it('of oc, with prompts, a message of several lines and the previous log below', () => {
    const snapshot = paste('oc-describe.txt');
    expect(pod(snapshot)).toMatchObject({
      metadata: {
        name: 'ledger-3-hx9kl',
        namespace: 'finance',
        uid: '0d3d8c3e-8f0a-4f3c-9f3e-0f8b8c8f7a11',
        annotations: { 'openshift.io/scc': 'restricted-v2' },
        ownerReferences: [{ apiVersion: 'v1', kind: 'ReplicationController' }],
      },
      spec: {
        serviceAccountName: 'ledger',
        containers: [
          {
            env: [{ name: 'BANNER', value: 'line one\nline two' }],
            startupProbe: { tcpSocket: { port: 8443 }, failureThreshold: 30 },
          },
        ],
        volumes: [{ persistentVolumeClaim: { claimName: 'ledger-data' } }, { projected: {} }],
      },
      status: {
        containerStatuses: [
          {
            state: { running: { startedAt: '2024-09-03T08:20:31Z' } },
            lastState: {
              terminated: { exitCode: 1, message: "mkdir: cannot create directory '/data/wal': Permission denied\n" },
            },
            restartCount: 6,
          },
        ],
      },
    });
    // Start time plus the age of the Scheduled event.
    expect(snapshot.now).toBe('2024-09-03T08:20:33Z');
    expect(snapshot.logs).toEqual([
      {
        pod: 'ledger-3-hx9kl',
        container: 'ledger',
        run: 'previous',
        text: "mkdir: cannot create directory '/data/wal': Permission denied\n",
      },
    ]);
  });

  it('quoted in a mail with Windows line ends', () => {
    const snapshot = paste('mail-quote.txt');
    expect(pod(snapshot)).toMatchObject({
      metadata: {
        name: 'report-28571430-k2v9p',
        ownerReferences: [{ apiVersion: 'batch/v1', kind: 'Job', name: 'report-28571430' }],
      },
      spec: { containers: [{ name: 'report', args: ['--month', '2024-04'] }] },
      status: {
        phase: 'Failed',
        containerStatuses: [
          {
            state: { terminated: { exitCode: 3, reason: 'Error', startedAt: '2024-05-02T07:30:02Z' } },
            restartCount: 0,
          },
        ],
      },
    });
    const evidence = evidenceFrom(snapshot, {}, 'paste')!;
    expect(evidence.events).toMatchObject({ state: 'seen', value: [] });
    expect(evidence.containers[0]).toMatchObject({
      env: { state: 'absent' },
      mounts: { state: 'absent' },
      lastState: { state: 'absent' },
      command: { state: 'absent' },
      memoryLimit: { state: 'absent' },
    });
  });

  it('broken at 80 characters by a chat client', () => {
    const snapshot = paste('wrapped.txt');
    expect(pod(snapshot)).toMatchObject({
      spec: {
        containers: [
          {
            image: 'registry.example.com/edge/gateway:2',
            livenessProbe: {
              httpGet: { port: 8081, path: '/healthz' },
              initialDelaySeconds: 5,
              periodSeconds: 10,
              failureThreshold: 3,
            },
            env: [
              { name: 'UPSTREAM', valueFrom: { configMapKeyRef: { name: 'gateway-config', key: 'upstream' } } },
              { name: 'MODE', value: 'fast' },
            ],
            volumeMounts: [{ name: 'kube-api-access-bbbbb', readOnly: true }],
          },
        ],
      },
      status: {
        containerStatuses: [
          { imageID: 'registry.example.com/edge/gateway@sha256:0123456789abcdef0123456789abcdef', restartCount: 2 },
        ],
      },
    });
    expect(snapshot.objects.filter((o) => o.kind === 'Event').map((e) => e.message)).toEqual([
      'Liveness probe failed: Get "http://10.4.0.7:8081/healthz": dial tcp 10.4.0.7:8081: connect: connection refused',
      'Container gateway failed liveness probe, will be restarted',
    ]);
    expect(snapshot.logs).toEqual([]);
  });
});

describe('half a describe', () => {
  it('cut in the last state: what stands above is seen, what stood below is unread', () => {
    const snapshot = paste('half-describe.txt');
    const evidence = evidenceFrom(snapshot, {}, 'paste')!;
    const container = evidence.containers[0]!;
    expect(container).toMatchObject({
      name: 'search',
      state: { state: 'seen' },
      lastState: { state: 'seen', value: { exitCode: 78, reason: 'Error' } },
      command: { state: 'absent' },
      ports: { state: 'seen' },
    });
    for (const fact of [
      container.ready,
      container.restartCount,
      container.memoryLimit,
      container.env,
      container.mounts,
      container.probes.liveness,
    ])
      expect(fact).toMatchObject({ state: 'unread', why: cut });
    expect(container.securityContext).toMatchObject({ state: 'unread', why: notShown });
    expect(evidence.pod).toMatchObject({
      phase: { state: 'seen', value: 'Running' },
      reason: { state: 'absent' },
      conditions: { state: 'unread', why: cut },
      volumes: { state: 'unread', why: cut },
    });
    expect(evidence.events).toMatchObject({ state: 'unread', why: notPasted });
  });

  it('cut out of the middle: the events give pod and container their names', () => {
    const snapshot = paste('middle-of-describe.txt');
    const evidence = evidenceFrom(snapshot, {}, 'paste')!;
    expect(evidence).toMatchObject({
      namespace: 'notify',
      pod: { name: { value: 'mailer-5b7f' }, phase: { state: 'unread', why: cut } },
    });
    expect(evidence.containers).toMatchObject([
      {
        name: 'mailer',
        lastState: { value: { exitCode: 127 } },
        restartCount: { value: 8 },
        image: { state: 'unread' },
        command: { state: 'unread' },
        env: { state: 'absent' },
      },
    ]);
    expect(evidence.events).toMatchObject({ state: 'seen', value: [{ reason: 'BackOff', count: 50 }] });
  });
});

describe('tables', () => {
  it('events of kubectl get events name pod, namespace and ages, and leave the rest unread', () => {
    const snapshot = paste('get-events.txt');
    expect(pod(snapshot)).toMatchObject({
      metadata: { name: 'cart-7d9c6b5f4d-q8w2e', namespace: 'shop' },
      spec: { containers: [{ name: '' }] },
    });
    expect(snapshot.now).toBe('1970-01-01T00:00:00Z');
    expect(
      snapshot.objects
        .filter((o) => o.kind === 'Event')
        .map((e) => [at(e, 'involvedObject', 'kind'), e.reason, e.lastTimestamp]),
    ).toEqual([
      ['Pod', 'Scheduled', '1969-12-31T23:46:00Z'],
      ['Deployment', 'ScalingReplicaSet', '1969-12-31T23:46:00Z'],
      ['Pod', 'Failed', '1969-12-31T23:47:00Z'],
      ['Pod', 'Pulled', '1969-12-31T23:57:56Z'],
    ]);
    for (const part of ['spec.containers[0].env', 'status.containerStatuses[0].state', 'metadata.labels'])
      expect(whyUnread(snapshot, `Pod/cart-7d9c6b5f4d-q8w2e:${part}`)).toBe(notPasted);
    expect(whyUnread(snapshot, 'ConfigMap/x')).toBe(notPasted);
    expect(whyUnread(snapshot, 'Event')).toBeUndefined();
  });

  it('the wide events table adds container, source and count', () => {
    const snapshot = paste('events-wide.txt');
    expect(pod(snapshot)).toMatchObject({
      metadata: { namespace: 'shop' },
      spec: { containers: [{ name: 'cart' }], initContainers: [{ name: 'wait-db' }] },
    });
    expect(snapshot.objects.filter((o) => o.kind === 'Event')).toMatchObject([
      {
        reason: 'BackOff',
        message: 'Back-off restarting failed container',
        count: 41,
        involvedObject: { fieldPath: 'spec.containers{cart}' },
        source: { component: 'kubelet', host: 'node-2' },
      },
      {
        reason: 'Scheduled',
        message: 'Successfully assigned shop/cart-7d9c6b5f4d-q8w2e to n2',
        count: 1,
        source: { component: 'default-scheduler' },
      },
      {
        reason: 'Failed',
        message: 'Error: ErrImagePull',
        count: 3,
        involvedObject: { fieldPath: 'spec.initContainers{wait-db}' },
      },
    ]);
  });

  it('kubectl events counts in its age column', () => {
    const snapshot = paste('kubectl-events.txt');
    expect(pod(snapshot)).toMatchObject({
      metadata: { name: 'api-0', uid: 'a035e1a4-fad8-48f8-8e93-9152cb3f76b1' },
      spec: { containers: [{ name: 'api' }] },
    });
    expect(
      snapshot.objects.filter((o) => o.kind === 'Event').map((e) => [e.count, e.firstTimestamp, e.lastTimestamp]),
    ).toEqual([
      [1, '1969-12-31T23:53:22Z', '1969-12-31T23:53:22Z'],
      [12, '1969-12-31T23:53:23Z', '1969-12-31T23:55:52Z'],
    ]);
  });

  it('a pods table and a log in a Slack thread, with a dash and quotes that the client made pretty', () => {
    const snapshot = paste('slack-thread.txt');
    expect(pod(snapshot)).toMatchObject({
      metadata: { name: 'cart-7d9c6b5f4d-q8w2e', namespace: 'shop' },
      status: {
        containerStatuses: [{ ready: false, restartCount: 7, state: { waiting: { reason: 'CrashLoopBackOff' } } }],
      },
    });
    expect(pod(snapshot, 1)).toMatchObject({
      metadata: { name: 'catalog-5f6d7c8b9-zz1x2' },
      status: { phase: 'Running' },
    });
    expect(snapshot.logs).toHaveLength(1);
    expect(snapshot.logs[0]).toMatchObject({ pod: 'cart-7d9c6b5f4d-q8w2e', run: 'previous' });
    expect(snapshot.logs[0]!.text).toMatch(
      /^2024-05-02T11:02:33Z INFO starting cart 3\.1\.0\n[\s\S]*\nKeyError: 'REDIS_ADDR'\n$/,
    );
    expect(whyUnread(snapshot, 'pods')).toBeUndefined();
  });

  it.each([
    ['api-0   0/1   OOMKilled   4   9m', { terminated: { exitCode: 137, reason: 'OOMKilled' } }],
    ['api-0   0/1   Error   4   9m', undefined],
    ['api-0   0/1   ImagePullBackOff   0   9m', { waiting: { reason: 'ImagePullBackOff' } }],
    ['api-0   0/2   CrashLoopBackOff   9 (12s ago)   9m', { waiting: { reason: 'CrashLoopBackOff' } }],
    ['api-0   1/2   Running   9 (12s ago)   9m', undefined],
    ['api-0   0/1   Completed   0   9m', { terminated: { exitCode: 0, reason: 'Completed' } }],
    ['shop   api-0   1/1   Running   0   9m   10.0.0.7   node-1   <none>   <none>', { running: {} }],
  ])('the row %j tells as much as it can', (row, state) => {
    const snapshot = readPaste(row);
    expect(at(objects(at(pod(snapshot), 'status', 'containerStatuses'))[0], 'state')).toEqual(state);
    expect(whyUnread(snapshot, 'Pod/api-0:status.containerStatuses[0].lastState.terminated')).toBe(notPasted);
  });

  it('a row of several containers tells that one of them crash loops, and asks which', () => {
    const snapshot = readPaste('api-0   1/2   CrashLoopBackOff   9 (12s ago)   9m');
    expect(at(objects(at(pod(snapshot), 'status', 'containerStatuses'))[0], 'restartCount')).toBeUndefined();
    const evidence = evidenceFrom(snapshot, {}, 'pasted text');
    const report = diagnose(evidence!, { rules, propose: () => [] });
    expect(report.status).toMatchObject({ state: 'crash looping', restarts: null });
    expect(report.nextQuestion).toBe('Which of its containers is it, and how did it end? kubectl describe pod api-0');
  });

  it('an init container in trouble is named as one', () => {
    const snapshot = readPaste('api-0   0/2   Init:CrashLoopBackOff   6 (2m ago)   9m');
    expect(pod(snapshot)).toMatchObject({
      spec: { initContainers: [{ name: '' }] },
      status: {
        phase: 'Pending',
        initContainerStatuses: [{ restartCount: 6, state: { waiting: { reason: 'CrashLoopBackOff' } } }],
      },
    });
  });
});

describe('logs', () => {
  it('with --prefix come from the containers they name', () => {
    const snapshot = paste('logs-prefix.txt');
    expect(snapshot.logs).toEqual([
      {
        pod: 'bundle-757f5b694b-sr7j2',
        container: 'bundle-api',
        run: 'previous',
        text: 'starting\npanic: BUNDLE_CATALOG is empty\n',
      },
      { pod: 'bundle-757f5b694b-sr7j2', container: 'bundle-cache', run: 'previous', text: 'cache warm\n' },
    ]);
    expect(pod(snapshot)).toMatchObject({ spec: { containers: [{ name: 'bundle-api' }, { name: 'bundle-cache' }] } });
    expect(whyUnread(snapshot, 'log.current/bundle-757f5b694b-sr7j2/bundle-api')).toBe(notPasted);
    expect(whyUnread(snapshot, 'log.previous/bundle-757f5b694b-sr7j2/bundle-api')).toBeUndefined();
  });

  it('of a deployment take the container that kubectl says it chose', () => {
    const snapshot = paste('log-of-deployment.txt');
    expect(pod(snapshot)).toMatchObject({
      metadata: { name: '', namespace: 'shop' },
      spec: { containers: [{ name: 'api' }] },
    });
    expect(snapshot.logs).toMatchObject([{ pod: '', container: 'api', run: 'previous' }]);
    expect(snapshot.logs[0]!.text.split('\n')).toHaveLength(3);
  });

  it('alone: one nameless container, everything else unread', () => {
    const snapshot = paste('log-alone.txt');
    expect(snapshot.logs[0]!.text.split('\n')).toEqual([
      '2024-05-02T11:02:33Z INFO starting cart 3.1.0',
      'Name: not a describe',
      'panic: runtime error: invalid memory address or nil pointer dereference',
      '',
      'goroutine 1 [running]:',
      'main.main()',
      '\t/app/main.go:12 +0x1d',
      '',
    ]);
    const evidence = evidenceFrom(snapshot, {}, 'paste')!;
    expect(evidence.containers).toMatchObject([
      {
        name: '',
        state: { state: 'unread', why: notPasted },
        lastState: { state: 'unread' },
        env: { state: 'unread' },
        logs: { current: { state: 'seen' }, previous: { state: 'unread' } },
      },
    ]);
    expect(evidence.pod).toMatchObject({
      phase: { state: 'unread' },
      volumes: { state: 'unread' },
      uid: { state: 'unread' },
    });
    expect(evidence.node).toMatchObject({ state: 'unread' });
    expect(evidence.workload).toMatchObject({ state: 'unread' });
  });

  it('that kubectl refuses tell of the container: waiting, and no previous run', () => {
    const snapshot = paste('no-log.txt');
    const evidence = evidenceFrom(snapshot, {}, 'paste')!;
    expect(evidence.containers).toMatchObject([
      {
        name: 'web',
        state: { state: 'seen', value: { reason: 'CreateContainerConfigError' } },
        logs: { previous: { state: 'absent' }, current: { state: 'unread' } },
      },
    ]);
    expect(evidence.events).toMatchObject({ state: 'seen', value: [] });
  });

  it.each([
    ['$ kubectl logs web-0 -c api -p', { pod: 'web-0', container: 'api', run: 'previous' }],
    ['kubectl logs -f web-0 api', { pod: 'web-0', container: 'api', run: 'current' }],
    [
      'ann@mac ~ % k logs -n shop web-0 --container=api --previous --tail=50',
      { pod: 'web-0', container: 'api', run: 'previous' },
    ],
    [
      'root@bastion:~# sudo kubectl --context prod -n shop logs pod/web-0 --previous=true | tail -5',
      { pod: 'web-0', container: '', run: 'previous' },
    ],
    ['➜  ~ oc logs web-0', { pod: 'web-0', container: '', run: 'current' }],
    ['`kubectl logs web-0 -p`', { pod: 'web-0', container: '', run: 'previous' }],
  ])('the typed command %j says whose log follows', (command, expected) => {
    expect(readPaste(`${command}\nfatal: no config\n`).logs).toMatchObject([
      { ...expected, text: 'fatal: no config\n' },
    ]);
  });

  it.each([
    ['previous.txt', 'previous'],
    ['current.txt', 'current'],
    ['api.log', 'current'],
  ])('a file named %s is log and nothing else', (name, run) => {
    const text = 'LAST SEEN   TYPE   REASON   OBJECT   MESSAGE\nName: x\nNamespace: y\nfatal: no config\n';
    expect(readPaste([{ name, text }]).logs).toEqual([{ pod: '', container: '', run, text }]);
  });

  it('lose the time stamps that kubectl put before the program’s own', () => {
    const text =
      '2024-05-02T11:02:33.000000001Z 2024-05-02 11:02:33 ERROR no config\n2024-05-02T11:02:34.000000002Z 2024-05-02 11:02:34 INFO bye\n';
    expect(readPaste(`$ kubectl logs web-0 --timestamps\n${text}`).logs[0]!.text).toBe(
      '2024-05-02 11:02:33 ERROR no config\n2024-05-02 11:02:34 INFO bye\n',
    );
  });

  it('without a name belong to the container that is in trouble', () => {
    const text = readFileSync(join(import.meta.dirname, 'recordings', 'sidecar-crashing', 'describe.txt'), 'utf8');
    expect(readPaste(`${text}\nlogs:\nfatal: no config\n`).logs).toMatchObject([
      { container: 'log-shipper', text: 'fatal: no config\n' },
    ]);
  });
});

describe('manifests', () => {
  it('a complete pod has nothing unread inside', () => {
    const snapshot = paste('pod.yaml.txt');
    expect(pod(snapshot)).toMatchObject({
      spec: { containers: [{ args: ['multi\n\nline\n'] }] },
      status: { containerStatuses: [{ lastState: { terminated: { exitCode: 1, message: 'back-off 5m0s folded' } } }] },
    });
    expect(snapshot.unread.filter((part) => part.at.startsWith('Pod/'))).toEqual([]);
    expect(snapshot.logs).toMatchObject([
      {
        pod: 'web-0',
        container: 'web',
        run: 'current',
        text: 'nginx: [emerg] host not found in upstream "api" in /etc/nginx/nginx.conf:12\n',
      },
    ]);
    expect(snapshot.now).toBe('2025-01-10T07:20:01Z');
  });

  it('a cut one is read as far as it goes', () => {
    const snapshot = paste('pod-cut.json.txt');
    expect(pod(snapshot)).toMatchObject({
      metadata: { name: 'web-1' },
      spec: { containers: [{ name: 'web', resources: { limits: { memory: '64Mi' } } }] },
    });
    expect(whyUnread(snapshot, 'Pod/web-1:status.phase')).toBe(cut);
    expect(whyUnread(snapshot, 'Pod/web-1:spec.containers[0].env')).toBe(cut);
  });

  it.each([
    'command-not-found-path',
    'two-containers-two-causes',
  ])('a List as JSON is the same as the objects: %s', (folder) => {
    const text = readFileSync(join(import.meta.dirname, 'recordings', folder, 'objects.json'), 'utf8');
    const items = JSON.parse(text).items as KubeObject[];
    expect(readPaste(`$ kubectl get all -o json\n${text}`).objects.filter((o) => o.kind === 'Pod')).toEqual(
      items.filter((o) => o.kind === 'Pod'),
    );
    expect(readPaste(text).objects).toHaveLength(items.length);
  });

  it('a manifest is believed over a describe of the same pod, and the describe adds its events', () => {
    const json =
      '{"apiVersion":"v1","kind":"Pod","metadata":{"name":"search-0","namespace":"search","uid":"u1"},"spec":{"containers":[{"name":"search"}]},"status":{"phase":"Running"}}';
    const snapshot = readPaste(
      `${readFileSync(join(import.meta.dirname, 'fixtures/paste/half-describe.txt'), 'utf8')}\n${json}\n`,
    );
    expect(snapshot.objects.filter((o) => o.kind === 'Pod')).toHaveLength(1);
    expect(pod(snapshot).metadata.uid).toBe('u1');
  });
});

describe('other objects', () => {
  it('deployment, ConfigMap, Secret and node are read from their describes', () => {
    const snapshot = paste('others.txt');
    const find = (kind: string): KubeObject | undefined => snapshot.objects.find((o) => o.kind === kind);
    expect(find('Deployment')).toMatchObject({
      apiVersion: 'apps/v1',
      metadata: {
        name: 'cart',
        creationTimestamp: '2024-05-02T09:00:00Z',
        annotations: { 'deployment.kubernetes.io/revision': '7' },
      },
      spec: {
        replicas: 2,
        strategy: { type: 'RollingUpdate' },
        template: {
          spec: {
            serviceAccountName: 'cart',
            containers: [{ name: 'cart', env: [{ name: 'MODE', value: 'fast' }] }],
            volumes: [{ configMap: { name: 'cart-config' } }],
          },
        },
      },
      status: {
        replicas: 3,
        updatedReplicas: 1,
        availableReplicas: 2,
        conditions: [
          { type: 'Available', status: 'True' },
          { type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded' },
        ],
      },
    });
    expect(find('ConfigMap')).toMatchObject({
      metadata: { name: 'cart-config', namespace: 'shop' },
      data: { 'cart.yaml': 'redis: cache:6379\ntimeout: 5s', 'log.level': 'info' },
    });
    expect(find('Secret')).toMatchObject({ metadata: { name: 'cart-db' }, data: { password: '', username: '' } });
    expect(find('Node')).toMatchObject({
      metadata: { name: 'node-2' },
      spec: { taints: [{ key: 'dedicated', value: 'gpu', effect: 'NoSchedule' }] },
      status: {
        nodeInfo: { architecture: 'arm64' },
        conditions: [{ type: 'MemoryPressure', status: 'True' }, { type: 'Ready' }],
      },
    });
    expect(find('Pod')).toBeUndefined();
    expect(snapshot.now).toBe('2024-05-02T09:13:00Z');
    expect(whyUnread(snapshot, 'Deployment/cart:metadata.uid')).toBe(notShown);
    expect(whyUnread(snapshot, 'Deployment/cart:spec.template.spec.containers[0].command')).toBeUndefined();
  });
});

describe('what later versions of kubectl may print', () => {
  it('unknown keys in a container are passed over', () => {
    const text = readFileSync(join(import.meta.dirname, 'recordings', 'secret-key-missing', 'describe.txt'), 'utf8');
    const future = text
      .replace('    Mounts:', '    Restart Policy Rules:  none\n    Mounts:')
      .replace('    Ready: ', '    Resize Status:  Deferred\n    Ready: ')
      .replace('Containers:', 'Resources:\n  Limits:\n    memory:  64Mi\nContainers:');
    const expected = pod(readPaste(text));
    expect(pod(readPaste(future))).toEqual(expected);
  });

  it('ports with names are read with them', () => {
    const text = readFileSync(join(import.meta.dirname, 'fixtures/paste/half-describe.txt'), 'utf8');
    const named = text.replace('9200/TCP, 9300/TCP', '9200/TCP (http), 9300/TCP (transport)');
    expect(at(pod(readPaste(named)), 'spec', 'containers', 0, 'ports')).toEqual([
      { containerPort: 9200, name: 'http', protocol: 'TCP' },
      { containerPort: 9300, name: 'transport', protocol: 'TCP' },
    ]);
  });
});

it('a described quota alone is no cause, but is told with the question that decides', () => {
  const quota = [
    'Name: compute',
    'Namespace: shop',
    'Resource    Used  Hard',
    '--------    ----  ----',
    'limits.cpu  4     4',
  ];
  const evidence = evidenceFrom(readPaste(quota.join('\n')), {}, 'pasted text');
  const report = diagnose(evidence!, { rules, propose: () => [] });
  expect(report.verdict.grade).toBe('unknown');
  expect(report.context.map((fact) => fact.text)).toEqual(['quota compute is used up: limits.cpu 4 of 4']);
  expect(report.nextQuestion).toBe(
    'Did the quota compute refuse a pod? kubectl get events -n shop --field-selector=reason=FailedCreate',
  );
});
