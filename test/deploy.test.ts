// deploy/kubernetes: manifests that an API server takes, pods that the restricted standard admits, and processes that
// start with exactly what their manifest gives them.
import { expect, test } from 'vitest';
import { SETTINGS } from '../src/config/settings.ts';
import { readConfig } from '../src/config.ts';
import { fieldProblems } from '../src/demo/cluster/fields.ts';
import { environmentOf, filesIn, manifest, manifests, podTemplates, textOf, yamlOf } from './support/manifests.ts';

const API_VERSION: { [kind: string]: string } = {
  Namespace: 'v1',
  ConfigMap: 'v1',
  Service: 'v1',
  ServiceAccount: 'v1',
  Deployment: 'apps/v1',
  StatefulSet: 'apps/v1',
  NetworkPolicy: 'networking.k8s.io/v1',
  Role: 'rbac.authorization.k8s.io/v1',
  RoleBinding: 'rbac.authorization.k8s.io/v1',
  ClusterRole: 'rbac.authorization.k8s.io/v1',
  ClusterRoleBinding: 'rbac.authorization.k8s.io/v1',
};

/** What the README tells to create. */
const SECRETS = {
  'loopbreaker-redis/url': 'redis://:a-password@loopbreaker-redis:6379',
  'loopbreaker-slack/bot-token': 'xoxb-1-2-three',
  'loopbreaker-slack/app-token': 'xapp-1-A-2-three',
  'loopbreaker-slack/signing-secret': 'a-signing-secret',
  'loopbreaker-webhook/token': 'a-token-of-24-characters',
  'loopbreaker-approval/key': 'a-key-of-at-least-thirty-two-characters',
};

test('every manifest holds only fields that Kubernetes knows, of the right type', () => {
  for (const { at, object } of manifests()) {
    expect(object.apiVersion, at).toBe(API_VERSION[object.kind]);
    expect(fieldProblems(`V1${object.kind}`, object), at).toEqual({ unknown: [], wrong: [] });
  }
});

test('the check of fields would find a misspelt one', () => {
  const worker = manifest('Deployment', 'loopbreaker-worker');
  worker.spec.template.spec.containers[0].imagee = 'x';
  expect(fieldProblems('V1Deployment', worker).unknown).toEqual(['spec.template.spec.containers[0].imagee']);
});

test('the kustomization applies every manifest beside it, and neither reading nor writing anywhere', () => {
  const beside = filesIn('deploy/kubernetes')
    .map((file) => file.slice('deploy/kubernetes/'.length))
    .filter((file) => !file.includes('/') && file !== 'kustomization.yaml');
  expect(yamlOf('deploy/kubernetes/kustomization.yaml').resources.sort()).toEqual(beside);
});

test('everything that is applied once lives in the namespace loopbreaker; what is applied per namespace names none', () => {
  const ofCluster = ['Namespace', 'ClusterRole', 'ClusterRoleBinding'];
  for (const { at, file, object } of manifests()) {
    const perNamespace = /kubernetes\/(read|write)\//.test(file) || ofCluster.includes(object.kind);
    expect(object.metadata.namespace, at).toBe(perNamespace ? undefined : 'loopbreaker');
  }
});

test('every pod is admitted by the restricted Pod Security standard, which its namespace enforces', () => {
  const labels = manifest('Namespace', 'loopbreaker').metadata.labels;
  expect(labels['pod-security.kubernetes.io/enforce']).toBe('restricted');
  for (const { at, template } of podTemplates()) {
    const { securityContext, containers, volumes = [], ...spec } = template.spec;
    expect(securityContext, at).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
    expect(securityContext.runAsUser, at).toBeGreaterThan(0);
    for (const container of containers)
      expect(container.securityContext, at).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
    for (const volume of volumes) expect(Object.keys(volume).join(), at).toMatch(/^name,(configMap|secret|emptyDir)$/);
    expect(
      Object.keys(spec).filter((name) => /^host|^initContainers$|^ephemeral/.test(name)),
      at,
    ).toEqual([]);
  }
});

test('every container asks for memory and processor time, and has a memory limit', () => {
  for (const { at, template } of podTemplates())
    for (const { resources, image } of template.spec.containers) {
      expect(resources.requests, at).toEqual({ cpu: expect.any(String), memory: expect.any(String) });
      expect(resources.limits, at).toEqual({ memory: expect.any(String) });
      expect(image, at).not.toMatch(/:latest$/);
    }
});

test('the gateway has no way into a cluster, and worker and watcher have nothing of Slack', () => {
  const { template } = podTemplates().find(({ name }) => name === 'loopbreaker-gateway')!;
  expect(template.spec.automountServiceAccountToken).toBe(false);
  expect(manifest('ServiceAccount', 'loopbreaker-gateway').automountServiceAccountToken).toBe(false);
  expect(template.spec.volumes).toBeUndefined();
  const bound = manifests().flatMap(({ object }) => object.subjects ?? []);
  expect(new Set(bound.map(({ kind, name, namespace }) => `${kind} ${namespace}/${name}`))).toEqual(
    new Set(['ServiceAccount loopbreaker/loopbreaker-worker', 'ServiceAccount loopbreaker/loopbreaker-watcher']),
  );
  for (const role of ['worker', 'watcher']) {
    const names = Object.keys(environmentOf(`loopbreaker-${role}`, SECRETS));
    expect(names.filter((name) => name.startsWith('SLACK_'))).toEqual([]);
    expect(textOf(`deploy/kubernetes/${role}.yaml`)).not.toContain('loopbreaker-slack');
  }
});

test('the watcher is bound to its own Roles and to no other', () => {
  const bound = manifests().filter(({ object }) =>
    object.subjects?.some(({ name }: { name: string }) => name === 'loopbreaker-watcher'),
  );
  expect(bound.map(({ object }) => `${object.roleRef.kind} ${object.roleRef.name}`).sort()).toEqual([
    'ClusterRole loopbreaker-watch',
    'ClusterRole loopbreaker-watch-cluster',
  ]);
});

test('every variable of the manifests is a setting', () => {
  for (const workload of ['loopbreaker-gateway', 'loopbreaker-worker', 'loopbreaker-watcher'])
    for (const name of Object.keys(environmentOf(workload, SECRETS))) expect(Object.keys(SETTINGS)).toContain(name);
});

test('each role accepts the settings that its manifest gives it', () => {
  expect(readConfig('gateway', environmentOf('loopbreaker-gateway', SECRETS))).toMatchObject({
    slack: { mode: 'socket' },
    webhook: { port: 8080 },
  });
  expect(readConfig('worker', environmentOf('loopbreaker-worker', SECRETS))).toMatchObject({
    clusters: [{ alias: 'this', context: undefined }],
  });
  expect(readConfig('watcher', environmentOf('loopbreaker-watcher', SECRETS))).toMatchObject({
    clusters: [{ alias: 'this', context: undefined }],
    watch: { channel: 'C0CHANNEL', restartsMin: 2 },
  });
});

test('with approvers named all roles start, and get the same key for approvals', () => {
  const keys = (['gateway', 'worker', 'watcher'] as const).map((role) => {
    const settings = { ...environmentOf(`loopbreaker-${role}`, SECRETS), LOOPBREAKER_APPROVERS: 'U012AB3CD' };
    return readConfig(role, settings).approvalKeys;
  });
  expect(keys).toEqual(Array(3).fill([SECRETS['loopbreaker-approval/key']]));
});

test('in HTTP mode the gateway needs no app token, in Socket Mode no signing secret', () => {
  const { 'loopbreaker-slack/app-token': _app, ...http } = SECRETS;
  const { 'loopbreaker-slack/signing-secret': _signing, ...socket } = SECRETS;
  const settings = { ...environmentOf('loopbreaker-gateway', http), LOOPBREAKER_SLACK_MODE: 'http' };
  expect(readConfig('gateway', settings).slack).toMatchObject({ mode: 'http', port: 3000 });
  expect(readConfig('gateway', environmentOf('loopbreaker-gateway', socket)).slack.mode).toBe('socket');
});

test('every Service leads to a pod that has its port, and every selector finds its own pods', () => {
  const pods = podTemplates().map(({ template }) => template);
  const has = (labels: object, selector: object): boolean =>
    Object.entries(selector).every(([key, value]) => (labels as { [key: string]: unknown })[key] === value);
  for (const { at, object } of manifests()) {
    if (object.kind === 'Service') {
      const behind = pods.filter((pod) => has(pod.metadata.labels, object.spec.selector));
      expect(behind.length, at).toBe(1);
      const names = behind[0].spec.containers.flatMap((c: { ports: { name: string }[] }) => c.ports.map((p) => p.name));
      for (const port of object.spec.ports) expect(names, at).toContain(port.targetPort);
    }
    if (object.spec?.selector?.matchLabels)
      expect(has(object.spec.template.metadata.labels, object.spec.selector.matchLabels), at).toBe(true);
    if (object.kind === 'NetworkPolicy' && Object.keys(object.spec.podSelector).length > 0)
      expect(pods.filter((pod) => has(pod.metadata.labels, object.spec.podSelector.matchLabels)).length, at).toBe(1);
  }
});

test('Redis never throws a key away, has a write on disk before it answers, and asks for a password', () => {
  const lines: string[] = manifest('ConfigMap', 'loopbreaker-redis').data['redis.conf'].split('\n');
  for (const line of ['maxmemory-policy noeviction', 'appendonly yes', 'appendfsync always'])
    expect(lines).toContain(line);
  const { spec } = manifest('StatefulSet', 'loopbreaker-redis').spec.template;
  const password = spec.volumes.find((volume: { name: string }) => volume.name === 'password');
  const mount = spec.containers[0].volumeMounts.find((m: { name: string }) => m.name === 'password');
  expect(password.secret.items).toEqual([{ key: 'auth.conf', path: 'auth.conf' }]);
  expect(lines).toContain(`include ${mount.mountPath}/auth.conf`);
});
