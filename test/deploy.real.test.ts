// What is shipped in deploy/, on a real API server: every manifest is taken, and each Role gives what it is for and nothing
// else. Run only where KUBECONFIG_TEST names a cluster.
import { expect, onTestFinished, test } from 'vitest';
import { impersonateRights } from '../src/core/policy/impersonate.ts';
import { inNameOf } from '../src/kube/clusters.ts';
import { dryRun } from '../src/kube/execute.ts';
import { pods } from '../src/kube/kinds.ts';
import { listObjects } from '../src/kube/objects.ts';
import { canDo } from '../src/kube/permissions.ts';
import { kubeconfigFor, opener } from './support/cluster.ts';
import { manifests } from './support/manifests.ts';
import { kubeconfigOfTest } from './support/real/server.ts';
import { realNamespace, realWorld } from './support/real/world.ts';
import { carryOut, changeNow, look, place, plan, until } from './support/remedies.ts';

const kubeconfig = kubeconfigOfTest()!;

test('every manifest of deploy/kubernetes is taken by the server', async () => {
  const { server, namespace } = await realNamespace(kubeconfig);
  const refused: string[] = [];
  for (const { object } of manifests()) {
    const { apiVersion, kind, metadata } = object;
    if (kind === 'Kustomization') continue;
    const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    const { json } = await server.call('GET', root);
    const known = json?.resources?.find(
      (r: { kind: string; name: string }) => r.kind === kind && !r.name.includes('/'),
    );
    if (!known) {
      refused.push(`${apiVersion} ${kind} is not served`);
      continue;
    }
    const inNamespace = known.namespaced ? `/namespaces/${namespace}` : '';
    const placed = { ...object, metadata: { ...metadata, ...(known.namespaced ? { namespace } : {}) } };
    const answer = await server.call('POST', `${root}${inNamespace}/${known.name}?dryRun=All`, placed);
    if (![201, 409].includes(answer.status)) refused.push(`${kind} ${metadata.name}: ${answer.json.message}`);
  }
  expect(refused).toEqual([]);
});

test('a diagnosis under the read Role alone lacks the events of the node, and the watcher sees pods and events only', async () => {
  const { reader, namespace, server, tokenOf } = await realWorld(kubeconfig, 'bad-rollout-env-removed');
  const { report } = await look(reader, place(namespace, 'Deployment', 'avatars'));
  expect(report.verdict).toMatchObject({ cause: 'env-missing', grade: 'confirmed' });
  const forbidden = report.gaps.filter(({ why }) => /not permitted/.test(why)).map(({ what }) => what);
  expect(forbidden).toEqual([`events of Node ${namespace}`]);

  const watcher = server.as(await tokenOf('watcher'));
  const asked = async (path: string) => (await watcher('GET', path)).status;
  const own = `/api/v1/namespaces/${namespace}`;
  const watching = 'watch=true&timeoutSeconds=1&allowWatchBookmarks=true';
  expect(await Promise.all([`${own}/pods`, `${own}/events`].map(asked))).toEqual([200, 200]);
  expect(await Promise.all([`${own}/pods?${watching}`, `${own}/events?${watching}`].map(asked))).toEqual([200, 200]);
  const [owner] = (await listObjects(reader, pods, namespace)).items.map(
    (pod) => pod.metadata.ownerReferences as { name: string }[],
  );
  expect(await asked(`/apis/apps/v1/namespaces/${namespace}/replicasets/${owner![0]!.name}`)).toBe(200);
  expect(await asked(`/apis/apps/v1/namespaces/${namespace}/replicasets`)).toBe(403);
  expect(await asked(`${own}/configmaps`)).toBe(403);
});

test('what no Role gives is forbidden to the worker that may do everything', async () => {
  const { worker, namespace, server, tokenOf } = await realWorld(kubeconfig, 'bad-rollout-env-removed');
  const as = server.as(await tokenOf('worker'));
  const [pod] = (await listObjects(worker, pods, namespace)).items;
  const own = `/api/v1/namespaces/${namespace}`;
  const apps = `/apis/apps/v1/namespaces/${namespace}`;
  const rbac = '/apis/rbac.authorization.k8s.io/v1';
  const asked: [string, string, unknown?][] = [
    ['GET', `${own}/secrets`],
    ['GET', `${own}/secrets/any`],
    ['POST', `${own}/pods/${pod!.metadata.name}/exec?command=sh&stdout=true`],
    ['POST', `${own}/pods/${pod!.metadata.name}/attach`],
    ['POST', `${own}/pods/${pod!.metadata.name}/portforward`],
    ['POST', `${own}/serviceaccounts/worker/token`, {}],
    ['DELETE', `${apps}/deployments/avatars`],
    ['POST', `${apps}/deployments`, {}],
    ['PUT', `${apps}/deployments/avatars`, {}],
    ['PATCH', `/api/v1/nodes/${namespace}`, {}],
    ['POST', `${rbac}/namespaces/${namespace}/rolebindings`, {}],
    ['PATCH', `${rbac}/namespaces/${namespace}/roles/loopbreaker-write`, {}],
    ['GET', '/api/v1/namespaces/kube-system/pods'],
    ['GET', '/api/v1/namespaces/default/pods'],
    ['PATCH', '/apis/apps/v1/namespaces/kube-system/deployments/coredns', {}],
    ['DELETE', '/api/v1/namespaces/default/pods/any'],
    ['GET', '/api/v1/pods'],
  ];
  const answers: string[] = [];
  for (const [method, path, body] of asked) {
    const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
    answers.push(`${method} ${path}: ${(await as(method, path, body, type)).status}`);
  }
  expect(answers).toEqual(asked.map(([method, path]) => `${method} ${path}: 403`));

  const patch = { apiGroup: 'apps', resource: 'deployments', verbs: ['get', 'patch'] };
  expect(await canDo(worker, patch, namespace)).toEqual({ allowed: true, missing: [], why: '' });
  expect(await canDo(worker, patch, 'kube-system')).toMatchObject({ allowed: false, missing: ['get', 'patch'] });
  expect(await canDo(worker, { apiGroup: '', resource: 'pods/exec', verbs: ['create'] }, namespace)).toMatchObject({
    allowed: false,
  });
});

test('a change is written in the name of a person, with groups of whom one gives the right', async () => {
  const { worker, namespace, server, tokenOf } = await realWorld(kubeconfig, 'oom-startup-python');
  const name = { user: `ann@${namespace}`, groups: [`first-${namespace}`, `second-${namespace}`] };
  const rbac = '/apis/rbac.authorization.k8s.io/v1';
  const metadata = { name: `impersonate-${namespace}` };
  const apiGroup = 'rbac.authorization.k8s.io';
  const roleRef = { apiGroup, kind: 'ClusterRole', name: metadata.name };
  const account = { kind: 'ServiceAccount', name: 'reader', namespace };
  const rules = impersonateRights([{ user: 'U0ANN', as: name.user, groups: [...name.groups] }]);
  await server.must('POST', `${rbac}/clusterroles`, { metadata, rules });
  await server.must('POST', `${rbac}/clusterrolebindings`, { metadata, roleRef, subjects: [account] });
  onTestFinished(async () => {
    await server.call('DELETE', `${rbac}/clusterroles/${metadata.name}`);
    await server.call('DELETE', `${rbac}/clusterrolebindings/${metadata.name}`);
  });
  const give = (group: string) =>
    server.must('POST', `${rbac}/namespaces/${namespace}/rolebindings`, {
      metadata: { name: `of-${group}` },
      roleRef: { apiGroup, kind: 'Role', name: 'loopbreaker-write' },
      subjects: [{ apiGroup, kind: 'Group', name: group }],
    });

  // The account itself only reads: whatever is written, the name has to carry it.
  const target = place(namespace, 'Deployment', 'embedding-api');
  const reader = opener(kubeconfigFor(server.url, server.caPem, { token: await tokenOf('reader') }))();
  const made = await plan(worker, target, 'raise-memory-limit');
  const change = await changeNow(worker, made);
  expect(await dryRun(reader, change)).toMatchObject({ ok: false, because: 'forbidden' });
  expect(await dryRun(inNameOf(reader, name), change)).toMatchObject({ ok: false, because: 'forbidden' });
  await give(name.groups[1]!);
  await until(async () => (await dryRun(inNameOf(reader, name), change)).ok);
  expect(await carryOut(inNameOf(reader, name), made)).toMatchObject({ ok: true });
  for (const other of [
    { ...name, user: 'eve' },
    { ...name, groups: [...name.groups, 'system:masters'] },
    { user: 'system:admin', groups: [] },
  ])
    expect(await dryRun(inNameOf(reader, other), change)).toMatchObject({
      ok: false,
      because: 'forbidden',
      why: expect.stringMatching(/^Not permitted \(403\): to write in the name of /),
    });
});
