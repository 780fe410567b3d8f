// The read permissions are what reading needs: with them nothing is refused, and none of them is idle.
import { expect, test } from 'vitest';
import { answer } from '../src/answer.ts';
import { readRecording } from '../src/cli/recording.ts';
import type { Permission } from '../src/core/action.ts';
import { collect } from '../src/kube/collect.ts';
import { findTargets } from '../src/kube/find.ts';
import { readLargestNode } from '../src/kube/largest-node.ts';
import { CLUSTER_READ_PERMISSIONS, READ_PERMISSIONS } from '../src/kube/permissions.ts';
import { folderOf, recordedCluster } from './support/cluster.ts';

const permissions = [...READ_PERMISSIONS, ...CLUSTER_READ_PERMISSIONS];
const reader = permissions.map(({ apiGroup, resource, verbs }) => ({
  apiGroups: [apiGroup],
  resources: [resource],
  verbs: [...verbs],
}));

/** `apps/deployments get` for a GET of that path. */
function asked(path: string): string {
  const [, core, grouped] = /^\/(?:api\/(v1)|apis\/([^/]+)\/[^/]+)\//.exec(path) ?? [];
  const group = core ? '' : grouped;
  const steps = path.replace(/^\/(?:api\/[^/]+|apis\/[^/]+\/[^/]+)\//, '').split('/');
  if (steps[0] === 'namespaces' && steps.length > 2) steps.splice(0, 2);
  const [plural, name, subresource] = steps;
  return `${group}/${plural}${subresource ? `/${subresource}` : ''} ${name ? 'get' : 'list'}`;
}

const named = ({ apiGroup, resource, verbs }: Permission): string[] =>
  verbs.map((verb) => `${apiGroup}/${resource} ${verb}`);

test('with exactly these permissions nothing is refused, and each is used', async () => {
  const used = new Set<string>();
  for (const name of [
    'bad-rollout-env-removed',
    'config-malformed-redis',
    'cronjob-failing',
    'daemonset-bad-flag',
    'dependency-refused-postgres',
    'limitrange-max',
    'pvc-pending-no-storageclass',
  ]) {
    const { namespace, pod, workload } = answer(readRecording(folderOf(name)), {}, name)!.target;
    const cluster = await recordedCluster([name], { access: { reader }, metrics: true });
    const open = cluster.open();
    const wanted = {
      cluster: 'test',
      namespace: '',
      kind: 'pod',
      container: '',
      selector: '',
      allowedNamespaces: ['*'],
    };
    await findTargets(open, { ...wanted, name: 'rs/x' });
    await findTargets(open, { ...wanted, namespace: 'no-such-namespace', name: 'x' });
    await collect(open, { namespace, ...(pod ? { pod } : { workload }) });
    await collect(open, { namespace, workload });
    expect(await readLargestNode(open)).toMatchObject({ memory: expect.any(Number) });
    const requests = cluster.requests();
    expect(requests.filter(({ status }) => status === 403).map(({ path }) => path)).toEqual([]);
    for (const { path } of requests) used.add(asked(path));
  }
  expect([...used].sort()).toEqual(permissions.flatMap(named).sort());
});

test('no secret, no wildcard and nothing but reading is among them', () => {
  for (const { resource, verbs } of permissions) {
    expect(resource).not.toMatch(/secret|\*|exec|attach|proxy|portforward/);
    for (const verb of verbs) expect(['get', 'list']).toContain(verb);
  }
});
