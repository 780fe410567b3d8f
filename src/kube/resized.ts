// What the status of a resized pod says: which limit its container has by the kubelet's own word, and why not the new one.

import { at, objects, text } from '../core/json.ts';
import { nameOf, uidOf } from '../core/normalise/look.ts';
import type { Plan } from '../core/plan.ts';
import { parseQuantity } from '../core/quantity.ts';
import { redactText } from '../core/redact.ts';
import type { KubeObject } from '../core/snapshot.ts';
import { statuses } from './candidates.ts';

export interface WantedLimits {
  podUid: string;
  container: string;
  /** `{ memory: '128Mi' }` */
  limits: { [resource: string]: string };
}

/** What a plan sets in a pod that runs; undefined for a plan that makes new ones. */
export function wantedLimits({ inPlace, container, edits = [] }: Plan): WantedLimits | undefined {
  const limits = edits.flatMap(({ at: path, to }) => (path.includes('limits') ? [[path.at(-1), text(to)]] : []));
  return inPlace && { podUid: inPlace.uid, container, limits: Object.fromEntries(limits) };
}

/** "" as well when the pod is gone or its kubelet tells no limits: then only the life of the container tells. */
export function notInForce(pods: KubeObject[], { podUid, container, limits }: WantedLimits): string {
  const pod = pods.find((one) => uidOf(one) === podUid);
  const status = pod && statuses(pod).find((one) => one.name === container);
  if (!pod || !status) return '';
  const has = (resource: string) => text(at(status, 'resources', 'limits', resource));
  const old = Object.entries(limits).find(([resource, wanted]) => {
    const now = has(resource);
    return now !== undefined && parseQuantity(now) !== parseQuantity(wanted);
  });
  if (!old) return '';
  const why = objects(at(pod, 'status', 'conditions')).find(({ type }) => /^PodResize/.test(text(type) ?? ''));
  const words = [text(why?.reason), redactText(text(why?.message) ?? '').text.slice(0, 160)].filter(Boolean).join(': ');
  return `${container} of ${nameOf(pod)} still has ${has(old[0])} of ${old[0]}${words ? ` (${words})` : ''}`;
}
