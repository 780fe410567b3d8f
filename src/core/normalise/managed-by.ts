// Who else owns a workload: a direct change would be reverted by them. Read from the labels, annotations and owner
// references that each tool documents.

import { object, text } from '../json.ts';
import { WORKLOAD_KINDS } from '../kind-names.ts';
import type { KubeObject } from '../snapshot.ts';
import { type Look, ownerChain } from './look.ts';

const BUILT_IN = new Set([...WORKLOAD_KINDS, 'Node']);

type Read = (key: string) => string | undefined;

/** In words, e.g. "Helm release shop", "Argo CD application shop-prod"; [] when nobody is known. */
export function managedBy(look: Look, workload: KubeObject): string[] {
  const labels = object(workload.metadata.labels);
  const notes = object(workload.metadata.annotations);
  const label: Read = (key) => text(labels[key]);
  const note: Read = (key) => text(notes[key]);
  const tools = [argo, flux, helm, rancher, federation, crossplane].flatMap((tool) => tool(label, note) ?? []);
  const owners = ownerChain(look, workload)
    .filter((o) => !BUILT_IN.has(o.kind))
    .map((o) => `${o.kind} ${o.name}`);
  const rollout = workload.kind === 'Rollout' ? ['Argo Rollouts'] : [];
  return [...new Set([...tools, ...rollout, ...owners])];
}

/** Owners of kinds that Kubernetes itself does not have, as far as the snapshot holds them. */
export function ownersAbove(look: Look, workload: KubeObject): KubeObject[] {
  return ownerChain(look, workload)
    .map((o) => o.object)
    .filter((o): o is KubeObject => o !== undefined && !BUILT_IN.has(o.kind));
}

function argo(label: Read, note: Read): string | undefined {
  const tracked = note('argocd.argoproj.io/tracking-id')?.split(':')[0] ?? label('argocd.argoproj.io/instance');
  return tracked && `Argo CD application ${tracked}`;
}

function flux(label: Read): string | undefined {
  for (const [kind, group] of [
    ['HelmRelease', 'helm'],
    ['Kustomization', 'kustomize'],
  ]) {
    const name = label(`${group}.toolkit.fluxcd.io/name`);
    if (name !== undefined) return `Flux ${kind} ${label(`${group}.toolkit.fluxcd.io/namespace`) ?? ''}/${name}`;
  }
  return undefined;
}

/** Flux releases through Helm: the HelmRelease is the one to change. */
function helm(label: Read, note: Read): string | undefined {
  if (label('helm.toolkit.fluxcd.io/name') !== undefined) return undefined;
  const release = note('meta.helm.sh/release-name');
  if (release !== undefined) return `Helm release ${release}`;
  if (label('app.kubernetes.io/managed-by') !== 'Helm' && label('heritage') !== 'Helm') return undefined;
  return `Helm release ${label('app.kubernetes.io/instance') ?? label('release') ?? ''}`.trim();
}

/** K3s add-ons and Fleet bundles are both applied as object sets. */
function rancher(label: Read, note: Read): string | undefined {
  const owner = note('objectset.rio.cattle.io/owner-name');
  const kind = /Kind=(\w+)/.exec(note('objectset.rio.cattle.io/owner-gvk') ?? '')?.[1] ?? 'Addon';
  if (owner !== undefined) return kind === 'Addon' ? `K3s add-on ${owner}` : `${kind} ${owner}`;
  const managed = label('fleet.cattle.io/managed') ?? note('fleet.cattle.io/managed');
  const bundle = label('fleet.cattle.io/bundle-name') ?? note('fleet.cattle.io/bundle-id') ?? managed;
  if (bundle !== undefined) return `Fleet bundle ${bundle}`;
  const set = note('objectset.rio.cattle.io/id');
  return set === undefined ? undefined : `Fleet bundle ${set}`;
}

function federation(label: Read, note: Read): string | undefined {
  if (label('kubefed.io/managed') === 'true') return 'KubeFed federated resource';
  const work = note('work.karmada.io/name') ?? label('work.karmada.io/name') ?? note('resourcebinding.karmada.io/name');
  if (work !== undefined) return `Karmada work ${work}`;
  const anonymous = label('karmada.io/managed') === 'true' || label('work.karmada.io/permanent-id') !== undefined;
  return anonymous ? 'Karmada' : undefined;
}

function crossplane(label: Read, note: Read): string | undefined {
  const claim = label('crossplane.io/claim-name');
  const name = claim ?? label('crossplane.io/composite') ?? note('crossplane.io/external-name');
  return name && `Crossplane ${claim ? 'claim' : 'resource'} ${name}`;
}
