// One recording alive in a namespace of its own on the real API server, until the test ends; and the accounts that look at it:
// the administrator, and a service account that holds exactly the Roles of deploy/kubernetes.
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { readRecording } from '../../../src/demo/cluster/recording.ts';
import type { Cluster } from '../../../src/kube/clusters.ts';
import { folderOf, kubeconfigFor, opener } from '../cluster.ts';
import type { Json } from '../cluster-double.ts';
import { playKubelet } from './kubelet.ts';
import { load, makeNode, movedTo, nodeOf } from './load.ts';
import { openServer, type Server, served } from './server.ts';

const SPEED = 50;
const deploy = (file: string): Json[] =>
  parseAllDocuments(
    readFileSync(fileURLToPath(new URL(`../../../deploy/kubernetes/${file}`, import.meta.url)), 'utf8'),
  ).map((document) => document.toJS());

export interface RealWorld {
  server: Server;
  namespace: string;
  nodeName: string;
  /** As the worker: the read Roles of deploy/kubernetes, and with `write` the write Roles too. */
  worker: Cluster;
  reader: Cluster;
  admin: Cluster;
  tokenOf: (account: 'reader' | 'worker' | 'watcher') => Promise<string>;
}

/** A namespace of a random name that is gone, with all that belongs to it, when the test ends. */
export async function realNamespace(kubeconfig: string): Promise<{ server: Server; namespace: string }> {
  const server = await openServer(kubeconfig);
  const namespace = `loopbreaker-test-${randomBytes(4).toString('hex')}`;
  await server.must('POST', '/api/v1/namespaces', {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: namespace },
  });
  onTestFinished(async () => {
    await server.call('DELETE', `/api/v1/namespaces/${namespace}`, { propagationPolicy: 'Background' });
    await server.close();
  });
  return { server, namespace };
}

export async function realWorld(kubeconfig: string, name: string): Promise<RealWorld> {
  const { server, namespace } = await realNamespace(kubeconfig);
  const recording = movedTo(readRecording(folderOf(name), Date.now()), namespace);
  const serves = await served(server);
  const kubelet = await playKubelet(server, { namespace, nodeName: namespace, recording, serves, speed: SPEED });
  onTestFinished(async () => {
    await kubelet.stop();
    await server.call('DELETE', `/api/v1/nodes/${namespace}`);
  });
  await makeNode(server, namespace, kubelet.port, nodeOf(recording));
  await grant(server, namespace);
  await load(server, recording, { namespace, nodeName: namespace, serves });
  const tokenOf = (account: string) => token(server, namespace, account);
  const as = async (account: string): Promise<Cluster> =>
    opener(kubeconfigFor(server.url, server.caPem, { token: await tokenOf(account) }))();
  return {
    server,
    namespace,
    nodeName: namespace,
    worker: await as('worker'),
    reader: await as('reader'),
    admin: opener(readFileSync(kubeconfig, 'utf8'))(),
    tokenOf,
  };
}

async function token(server: Server, namespace: string, account: string): Promise<string> {
  const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${account}/token`;
  const asked = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: { expirationSeconds: 3600 } };
  return (await server.must('POST', path, asked)).status.token;
}

/** The Roles as they are shipped, under names of our own; the accounts stand for the one of the manifests. */
async function grant(server: Server, namespace: string): Promise<void> {
  const rbac = '/apis/rbac.authorization.k8s.io/v1';
  const named = (name: string): string => `${name}-${namespace}`;
  for (const name of ['reader', 'worker', 'watcher'])
    await server.must('POST', `/api/v1/namespaces/${namespace}/serviceaccounts`, {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name },
    });
  const subjects = (...names: string[]) => names.map((name) => ({ kind: 'ServiceAccount', name, namespace }));
  const binding = (kind: string, role: string, name: string, ...who: string[]): Json => ({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: kind === 'cluster' ? 'ClusterRoleBinding' : 'RoleBinding',
    metadata: { name },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: role, name },
    subjects: subjects(...who),
  });
  const roles = [
    ...deploy('role-read.yaml').map((role) => ({ role, who: ['reader', 'worker'] })),
    ...deploy('role-watch.yaml').map((role) => ({ role, who: ['watcher'] })),
  ];
  for (const { role, who } of roles) {
    const name = named(role.metadata.name);
    await server.must('POST', `${rbac}/clusterroles`, { ...role, metadata: { name } });
    onTestFinished(async () => {
      await server.call('DELETE', `${rbac}/clusterroles/${name}`);
      await server.call('DELETE', `${rbac}/clusterrolebindings/${name}`);
    });
    const everywhere = role.metadata.name.endsWith('-cluster');
    const path = everywhere ? `${rbac}/clusterrolebindings` : `${rbac}/namespaces/${namespace}/rolebindings`;
    await server.must('POST', path, binding(everywhere ? 'cluster' : '', 'ClusterRole', name, ...who));
  }
  for (const file of ['write/role-write.yaml', 'write/debug-copy/role-debug-copy.yaml'])
    for (const role of deploy(file)) {
      if (role.kind !== 'Role') continue;
      await server.must('POST', `${rbac}/namespaces/${namespace}/roles`, role);
      await server.must(
        'POST',
        `${rbac}/namespaces/${namespace}/rolebindings`,
        binding('', 'Role', role.metadata.name, 'worker'),
      );
    }
}
