// Claims in a paste: their events name no pod, and a claim alone still tells what its pod waits for.

import { at, text } from '../json.ts';
import type { KubeObject, UnreadPart } from '../snapshot.ts';
import type { Draft } from './draft.ts';
import { allUnread, nameOf, specOf } from './pods.ts';

export const CLAIM = 'PersistentVolumeClaim';

const OF_CLAIMS =
  /^(?:ProvisioningFailed|Provisioning|ExternalProvisioning|WaitForFirstConsumer|FailedBinding|WaitForPodScheduled|ProvisioningSucceeded|VolumeMismatch|ProvisioningCleanupFailed|ClaimMisbound|ClaimLost)$/;

/** A row without heading is a claim's where only claims have such events. */
export function markClaimRows(draft: Draft): void {
  for (const event of draft.events) if (event.name === '' && OF_CLAIMS.test(event.reason)) event.kind = CLAIM;
}

/**
 * Joins claims to their pods: a StatefulSet names the claim after its pod; otherwise the only pod whose volumes were not
 * pasted is meant. Without any pod the claim's own is made: "Used By" names it.
 */
export function addClaims(
  draft: Draft,
  pods: Map<string, KubeObject>,
  others: KubeObject[],
  unread: UnreadPart[],
): void {
  const workloads = others.some((o) => o.kind !== CLAIM && o.kind !== 'Node');
  for (const name of claimNames(draft, others)) {
    const claim = others.find((o) => o.kind === CLAIM && nameOf(o) === name);
    if (pods.size === 0 && !workloads && draft.logs.length === 0) {
      const user = text(at(claim?.metadata, 'annotations', USED_BY)) ?? '';
      pods.set(user, {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: user, ...namespaceOf(claim) },
        spec: {},
        status: {},
      });
      allUnread(user, unread);
    }
    const hidden = [...pods.values()].filter((pod) =>
      unread.some((u) => VOLUMES.includes(u.at.replace(`Pod/${nameOf(pod)}:`, ''))),
    );
    const meant = hidden.find((pod) => name.endsWith(`-${nameOf(pod)}`)) ?? (pods.size === 1 ? hidden[0] : undefined);
    if (meant) specOf(meant).volumes = [{ name: '', persistentVolumeClaim: { claimName: name } }];
  }
}

/** Parts of a pod without which its volumes are not known. */
const VOLUMES = ['spec', 'spec.volumes'];

/** Where `claimFrom` keeps what describe calls "Used By". */
export const USED_BY = 'described/used-by';

function namespaceOf(claim: KubeObject | undefined): { namespace?: string } {
  const namespace = text(claim?.metadata.namespace);
  return namespace ? { namespace } : {};
}

/** Claims that ask for attention: described as pending, or with a warning. */
function claimNames(draft: Draft, others: KubeObject[]): string[] {
  const pending = others.filter((o) => o.kind === CLAIM && text(at(o, 'status', 'phase')) !== 'Bound').map(nameOf);
  const warned = draft.events.filter((e) => e.kind === CLAIM && e.type === 'Warning').map((e) => e.name);
  return [...new Set([...pending, ...warned])];
}
