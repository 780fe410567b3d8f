// A claim is not bound: no storage class, no fitting volume, or a provisioner that fails.

import type { Evidence } from '../core/evidence.ts';
import { type Citation, cite, citeAbsence, known } from '../core/fact.ts';
import { words } from '../core/json.ts';
import { defineRule } from '../core/rule.ts';
import { eventSaying, saying } from './reading/events.ts';
import { holdUp } from './reading/held-up.ts';
import { inBrief } from './reading/in-brief.ts';
import { details } from './reading/said.ts';

const UNBOUND =
  /unbound immediate PersistentVolumeClaims|persistentvolumeclaim "(?<claim>[^"]+)" (?:not found|not bound|is being deleted|bound to non-existent)|didn't find available persistent volumes|(?:PVC|claim) .{0,80}not bound/i;
const PROVISIONING =
  /storageclass\.storage\.k8s\.io "(?<storageClass>[^"]{1,253})" not found|failed to provision volume(?: with StorageClass "(?<storageClass2>[^"]{1,253})")?[^:]{0,300}: (?<why>[\s\S]+)|no persistent volumes available for this claim|no volume plugin matched|waiting for a volume to be created/;

export default defineRule({
  id: 'pvc-unbound',
  title: 'The claim has no volume',
  explains: ['waits', 'unread'],
  causes: ['unschedulable', 'volume-mount-failed'],
  actions: [],
  commands: [
    ['See what the claim waits for', 'describe persistentvolumeclaim {claim} -n {namespace}'],
    ['See which storage classes there are', 'get storageclasses'],
  ],
  byHand:
    'Give the claim {claim|of the pod} a volume: a storage class that exists, a working provisioner, or a matching PersistentVolume. It cannot change its class {storageClass}: make that class work, or make the claim anew.',
  judge: (evidence) => {
    if (known(evidence.pod.nodeName) !== undefined && known(evidence.pod.phase) === 'Running') return [];
    if ((known(evidence.events) ?? []).some((e) => e.reason === 'Scheduled')) return [];
    const said = saying(evidence, UNBOUND);
    const claims = evidence.references.filter((r) => r.kind === 'PersistentVolumeClaim');
    const provided = (known(evidence.events) ?? []).some((e) => e.reason === 'ProvisioningSucceeded');
    const why = provided
      ? undefined
      : (eventSaying(evidence, PROVISIONING, ['ProvisioningFailed']) ?? eventSaying(evidence, PROVISIONING));
    const pending =
      claims.find((r) => r.object.state === 'absent') ??
      claims.find((r) => known(r.object)?.detail.phase === 'Pending') ??
      claims.find((r) => r.object.state === 'unread');
    if (!said && !(why && pending)) return [];
    const claim = said?.first.groups.claim ?? pending?.name ?? (claims.length === 1 ? claims[0]?.name : undefined);
    const missing = pending?.object.state === 'absent' && pending.name === claim;
    const storageClass =
      why?.groups.storageClass ??
      why?.groups.storageClass2 ??
      words(pending && known(pending.object)?.detail.storageClassName);
    const reason = why?.groups.storageClass
      ? `the storage class ${storageClass} does not exist`
      : (why?.groups.why ?? (missing ? 'the claim does not exist' : 'nothing has provided a volume for it'));
    return holdUp(evidence, {
      summary: `${claim ? `the claim ${claim}` : 'a claim of the pod'} is not bound: ${inBrief(reason, 240)}`,
      evidence: [...(said?.citations ?? []), ...(why ? [why.citation] : []), ...citeClaim(evidence, claim)],
      detail: details({ claim, storageClass, why: reason.slice(0, 300) }),
      volume: (known(evidence.pod.volumes) ?? []).find((v) => v.from === claim)?.name,
    });
  },
  doc: {
    looksAt: 'the FailedScheduling and ProvisioningFailed events, and the claims that the pod names',
    means: 'The pod waits for a PersistentVolumeClaim that has no volume, so it cannot be placed on a node.',
    fix: 'Name a storage class that exists, repair the provisioner or create the claim.',
    prevention:
      'Check in the pipeline that the storage class of {claim|the claim} exists in the target cluster; a claim cannot change its class later.',
    notThis:
      'A bound claim whose disk is held elsewhere is volume-attach-failed; one whose volume lies in a zone without a fitting node is unschedulable.',
  },
});

function citeClaim(evidence: Evidence, name: string | undefined): Citation[] {
  const claim = evidence.references.find((r) => r.kind === 'PersistentVolumeClaim' && r.name === name);
  if (!claim) return [];
  const { phase, storageClassName } = known(claim.object)?.detail ?? {};
  return [
    ...cite(
      claim.object,
      `claim ${claim.name} is ${words(phase) ?? 'of unknown phase'}${storageClassName ? `, storage class ${words(storageClassName)}` : ''}`,
    ),
    ...citeAbsence(claim.object, `claim ${claim.name} does not exist`),
  ];
}
