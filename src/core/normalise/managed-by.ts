// Who else owns a workload: a direct change would be reverted by them. Read from the labels, annotations and owner
// references that each tool documents.

import { object, text } from '../json.ts';
import type { KubeObject } from '../snapshot.ts';
import { type Look, ownerOf } from './look.ts';

const BUILT_IN = new Set([
  'ReplicaSet',
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'Job',
  'CronJob',
  'ReplicationController',
  'Node',
]);

/** In words, e.g. "Helm release shop", "Argo CD application shop-prod"; [] when nobody is known. */
export function managedBy(_look: Look, workload: KubeObject): string[] {
  const labels = object(workload.metadata.labels);
  const notes = object(workload.metadata.annotations);
  const label = (key: string): string | undefined => text(labels[key]);
  const note = (key: string): string | undefined => text(notes[key]);
  const owners: string[] = [];

  const tracking = note('argocd.argoproj.io/tracking-id');
  if (tracking !== undefined) owners.push(`Argo CD application ${tracking.split(':')[0]}`);
  else if (label('argocd.argoproj.io/instance') !== undefined)
    owners.push(`Argo CD application ${label('argocd.argoproj.io/instance')}`);

  const kustomization = label('kustomize.toolkit.fluxcd.io/name');
  if (kustomization !== undefined)
    owners.push(`Flux Kustomization ${label('kustomize.toolkit.fluxcd.io/namespace') ?? ''}/${kustomization}`);
  const helmRelease = label('helm.toolkit.fluxcd.io/name');
  if (helmRelease !== undefined)
    owners.push(`Flux HelmRelease ${label('helm.toolkit.fluxcd.io/namespace') ?? ''}/${helmRelease}`);
  else if (note('meta.helm.sh/release-name') !== undefined)
    owners.push(`Helm release ${note('meta.helm.sh/release-name')}`);
  else if (label('app.kubernetes.io/managed-by') === 'Helm' || label('heritage') === 'Helm') {
    owners.push(`Helm release ${label('app.kubernetes.io/instance') ?? label('release') ?? ''}`.trim());
  }

  if (note('objectset.rio.cattle.io/owner-name') !== undefined)
    owners.push(`K3s add-on ${note('objectset.rio.cattle.io/owner-name')}`);
  if (note('fleet.cattle.io/bundle-id') !== undefined || label('fleet.cattle.io/bundle-name') !== undefined)
    owners.push(`Fleet bundle ${label('fleet.cattle.io/bundle-name') ?? note('fleet.cattle.io/bundle-id')}`);
  if (label('kubefed.io/managed') === 'true') owners.push('KubeFed federated resource');
  const karmada = note('resourcebinding.karmada.io/name') ?? label('work.karmada.io/name');
  if (karmada !== undefined) owners.push(`Karmada work ${karmada}`);
  const composite = label('crossplane.io/composite') ?? note('crossplane.io/external-name');
  if (composite !== undefined) owners.push(`Crossplane resource ${composite}`);

  const owner = ownerOf(workload);
  if (owner && !BUILT_IN.has(owner.kind)) owners.push(`${owner.kind} ${owner.name}`);
  return owners;
}
