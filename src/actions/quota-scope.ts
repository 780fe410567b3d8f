// Which quotas count a pod: one with scopes counts only those pods that match all of them.

import type { QuotaEvidence } from '../core/evidence/around.ts';

export interface CountedPod {
  /** It has an activeDeadlineSeconds. */
  ends: boolean;
  /** No container of it asks for anything or has a limit. */
  bestEffort: boolean;
  /** "" for none. */
  priorityClass: string;
}

/** What cannot be told counts: a ceiling too many only asks a person. */
export function countsPod({ scopes }: QuotaEvidence, pod: CountedPod): boolean {
  return scopes.every(({ name, operator, values }) => {
    switch (name) {
      case 'Terminating':
        return pod.ends;
      case 'NotTerminating':
        return !pod.ends;
      case 'BestEffort':
        return pod.bestEffort;
      case 'NotBestEffort':
        return !pod.bestEffort;
      case 'PriorityClass':
        if (operator === 'In') return values.includes(pod.priorityClass);
        if (operator === 'NotIn') return !values.includes(pod.priorityClass);
        return (pod.priorityClass !== '') === (operator === 'Exists');
      default:
        return true;
    }
  });
}
