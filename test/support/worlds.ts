// The clusters that remedies are carried out on: the cluster double always, and the API server that KUBECONFIG_TEST names
// when it is set. Both run the same recordings and know the worker by the same Roles.
import { demoAccess } from '../../src/demo/recordings.ts';
import type { Cluster } from '../../src/kube/clusters.ts';
import { recordedCluster } from './cluster.ts';
import { kubeconfigOfTest, openServer, served } from './real/server.ts';
import { realWorld } from './real/world.ts';
import type { Place } from './remedies.ts';

export interface OpenWorld {
  worker: Cluster;
  admin: Cluster;
  /** Where a recorded workload is in this world. */
  here: (place: Place) => Place;
}

export interface AnyWorld {
  where: string;
  /** Serves everything that Loopbreaker reads, as API servers from 1.21 on do. */
  isWhole: boolean;
  open: (recording: string) => Promise<OpenWorld>;
}

const double: AnyWorld = {
  where: 'the cluster double',
  isWhole: true,
  open: async (recording) => {
    const cluster = await recordedCluster([recording], { access: { worker: demoAccess() }, clockSpeed: 50 });
    return {
      worker: cluster.open({ context: 'worker' }),
      admin: cluster.open({ context: 'admin' }),
      here: (place) => place,
    };
  },
};

async function real(kubeconfig: string): Promise<AnyWorld> {
  const server = await openServer(kubeconfig);
  const serves = await served(server);
  await server.close();
  return {
    where: 'a real API server',
    isWhole: serves('batch/v1', 'CronJob') && serves('discovery.k8s.io/v1', 'EndpointSlice'),
    open: async (recording) => {
      const { worker, admin, namespace } = await realWorld(kubeconfig, recording);
      return { worker, admin, here: (place) => ({ ...place, namespace }) };
    },
  };
}

const kubeconfig = kubeconfigOfTest();
export const worlds: AnyWorld[] = kubeconfig ? [double, await real(kubeconfig)] : [double];
