// ControllerRevisions: the templates that a StatefulSet or DaemonSet has had. An equal template is the old revision again,
// with the next number.
import { isDeepStrictEqual } from 'node:util';
import type { Kinds, PodTemplate } from '../kinds.ts';
import { templateHash } from './ids.ts';
import type { World } from './life.ts';
import { controlledBy, ownedBy } from './owners.ts';

export type ControllerRevision = Kinds['controllerrevisions.apps'];
type Owner = Kinds['statefulsets.apps'] | Kinds['daemonsets.apps'];

export function templateOf(revision: ControllerRevision): PodTemplate | undefined {
  const data = revision.data as { spec?: { template?: PodTemplate & { $patch?: string } } } | undefined;
  if (!data?.spec?.template) return undefined;
  const { $patch: _, ...template } = data.spec.template;
  return template;
}

/** The revision of the owner's present template, made when there is none; `hashLabel` is where its hash stands. */
export function currentRevision(world: World, owner: Owner, hashLabel: string): ControllerRevision {
  const template = owner.spec!.template;
  const all = controlledBy(world.store, 'controllerrevisions.apps', owner);
  const found = all.find((revision) => isDeepStrictEqual(templateOf(revision), template));
  const next = Math.max(0, ...all.filter((r) => r !== found).map((r) => r.revision)) + 1;
  if (found) {
    if (found.revision < next) {
      world.store.edit('controllerrevisions.apps', found, (draft) => {
        draft.revision = next;
      });
    }
    return world.store.get('controllerrevisions.apps', found.metadata.namespace, found.metadata.name)!;
  }
  const hash = templateHash(template);
  return world.store.put('controllerrevisions.apps', {
    apiVersion: 'apps/v1',
    kind: 'ControllerRevision',
    metadata: {
      name: `${owner.metadata.name}-${hash}`,
      namespace: owner.metadata.namespace,
      uid: world.ids.uid(),
      resourceVersion: '',
      creationTimestamp: world.clock.now(),
      labels: { ...template.metadata?.labels, [hashLabel]: hash },
      annotations: owner.metadata.annotations,
      ownerReferences: ownedBy(owner),
    },
    data: { spec: { template: { ...template, $patch: 'replace' } } },
    revision: next,
  } as unknown as ControllerRevision);
}
