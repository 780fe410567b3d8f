// Reading a live cluster, against the double: connections, and a whole warm diagnosis.

import { stringify } from 'yaml';
import { answer } from '../../src/answer.ts';
import { startCluster } from '../../src/demo/cluster/cluster.ts';
import { demoAccess } from '../../src/demo/recordings.ts';
import { openCluster } from '../../src/kube/clusters.ts';
import { collect } from '../../src/kube/collect.ts';
import { findTargets } from '../../src/kube/find.ts';
import { namespaces } from '../../src/kube/kinds.ts';
import { getObject } from '../../src/kube/objects.ts';
import { RECORDINGS } from '../support/recordings.ts';
import { atMost, type Bench, median, timed } from './result.ts';

export const cluster: Bench = {
  names: ['tls.connections-per-200-reads', 'tls.connections-at-most', 'diagnose.warm.ms'],
  run: async () => {
    const double = await startCluster({
      recordings: [`${RECORDINGS}bad-rollout-env-removed`],
      access: { worker: demoAccess() },
    });
    const live = openCluster({ alias: 'bench', kubeconfig: stringify(double.kubeconfigFile), context: 'worker' });
    const wanted = {
      cluster: 'bench',
      namespace: '',
      kind: 'Pod',
      name: 'avatars',
      container: '',
      selector: '',
      allowedNamespaces: ['*'],
    };
    try {
      const diagnose = async (): Promise<void> => {
        const found = await findTargets(live, wanted);
        if (found.is !== 'one') throw new Error(`expected one target, got ${found.is}`);
        const report = answer(await collect(live, found.target), found.target, 'bench');
        if (report?.verdict.cause !== 'env-missing') throw new Error(`wrong answer: ${report?.verdict.cause}`);
      };
      await diagnose();
      const times: number[] = [];
      for (let i = 0; i < 30; i++) times.push(await timed(diagnose));
      const atOnce = double.connections();
      const single = openCluster({ alias: 'bench', kubeconfig: stringify(double.kubeconfigFile), context: 'worker' });
      for (let i = 0; i < 200; i++) await getObject(single, { resource: namespaces, name: 'users-avatars' });
      await single.close();
      return [
        atMost('tls.connections-per-200-reads', double.connections() - atOnce, 'connections', 2),
        atMost('tls.connections-at-most', atOnce, 'connections', 8),
        atMost('diagnose.warm.ms', median(times), 'ms', null),
      ];
    } finally {
      await live.close();
      await double.stop();
    }
  },
};
