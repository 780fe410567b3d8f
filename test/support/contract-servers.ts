// The servers that the contract is asked of, each with an empty namespace and an administrator.
import { onTestFinished } from 'vitest';
import { caller, startDouble } from './cluster-double.ts';
import type { Send } from './contract.ts';
import { kubeconfigOfTest } from './real/server.ts';
import { realNamespace } from './real/world.ts';

export interface ContractServer {
  where: string;
  open: () => Promise<{ send: Send; namespace: string; pathOf: (path: string) => string }>;
}

const ROOTS: { [plural: string]: string } = {
  deployments: '/apis/apps/v1',
  frobs: '/apis/apps/v1',
  events: '/apis/events.k8s.io/v1',
  unserved: '/apis/unserved.dev/v1',
};

/** `deployments/api?dryRun=All` in this namespace. */
const pathIn = (namespace: string) => (path: string) =>
  `${ROOTS[/^\w+/.exec(path)?.[0] ?? ''] ?? '/api/v1'}/namespaces/${namespace}/${path}`;

const double: ContractServer = {
  where: 'the cluster double',
  open: async () => {
    const cluster = await startDouble(['healthy']);
    const send = caller(cluster, cluster.tokens.admin!);
    onTestFinished(async () => {
      send.close();
      await cluster.stop();
    });
    const namespace = 'contract';
    await send('POST', '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
    return { send, namespace, pathOf: pathIn(namespace) };
  },
};

const real = (kubeconfig: string): ContractServer => ({
  where: 'a real API server',
  open: async () => {
    const { server, namespace } = await realNamespace(kubeconfig);
    return { send: server.call, namespace, pathOf: pathIn(namespace) };
  },
});

const kubeconfig = kubeconfigOfTest();
export const contractServers: ContractServer[] = kubeconfig ? [double, real(kubeconfig)] : [double];
