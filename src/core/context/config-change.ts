// A ConfigMap or Secret that changed after the last start that was good: the template stays the same, and yet the next
// start fails.

import type { Reference, ReferencedObject } from '../evidence/around.ts';
import type { Evidence } from '../evidence.ts';
import { known } from '../fact.ts';
import type { ContextFact } from '../report.ts';

export function configChanged(evidence: Evidence): ContextFact[] {
  const told = new Set<string>();
  return evidence.references.flatMap((reference) => {
    const object = known(reference.object);
    const name = `${reference.kind} ${reference.name}`;
    if (!object || told.has(name) || !['ConfigMap', 'Secret'].includes(reference.kind)) return [];
    told.add(name);
    const words = changeWords(object, evidence);
    return words
      ? [{ kind: 'config-changed' as const, text: `${name} ${words}`, at: addressOf(reference, object) }]
      : [];
  });
}

function addressOf(reference: Reference, object: ReferencedObject): string {
  const field = object.changedAt ? 'managedFields' : object.changedAfter ? 'resourceVersion' : 'creationTimestamp';
  return `${reference.object.at}:metadata.${field}`;
}

function changeWords(object: ReferencedObject, evidence: Evidence): string | undefined {
  const { createdAt, changedAt, changedBy, changedAfter } = object;
  const made = known(evidence.pod.createdAt) ?? '';
  const good = lastGoodStart(evidence);
  const by = changedBy ? ` by ${changedBy}` : '';
  if (made === '') return undefined;
  if (createdAt > made) return `was made at ${createdAt}, after this pod`;
  if (changedAt > createdAt && changedAt > made) return `was changed at ${changedAt}${by}, after this pod was made`;
  if (changedAt > createdAt && good !== '' && changedAt > good)
    return `was changed at ${changedAt}${by}, after the last good start (${good}) and before this pod was made`;
  if (changedAfter === '') return undefined;
  const unknown = 'who and when is not recorded';
  if (changedAfter >= made) return `was probably changed after this pod was made (${unknown})`;
  if (good !== '' && changedAfter >= good)
    return `was probably changed after the last good start (${good}) and before this pod was made (${unknown})`;
  return undefined;
}

/** When the newest pod that serves, or the newest revision that does, was made; "" when none is known. */
function lastGoodStart(evidence: Evidence): string {
  const pods = (known(evidence.siblings) ?? []).filter((s) => s.ready).map((s) => s.createdAt);
  const revisions = (known(evidence.revisions) ?? []).filter((r) => r.readyReplicas > 0 && !r.current);
  return [...pods, ...revisions.map((r) => r.createdAt)].reduce((a, b) => (a > b ? a : b), '');
}
