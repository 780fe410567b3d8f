// How far the trouble reaches: all pods of the workload or only this one, everywhere or only on one node.

import type { Symptom } from '../case/symptom.ts';
import type { Evidence } from '../evidence.ts';
import { known } from '../fact.ts';
import type { ContextFact } from '../report.ts';
import { counted } from '../spoken.ts';
import { worstCase } from '../status.ts';

export function spread(evidence: Evidence): ContextFact[] {
  return [...replicas(evidence), ...onlyThisNode(evidence)];
}

const WELL: Symptom[] = ['healthy', 'recovered'];

function replicas(evidence: Evidence): ContextFact[] {
  const siblings = known(evidence.siblings) ?? [];
  const own = worstCase(evidence)?.symptom ?? 'healthy';
  if (siblings.length === 0 || evidence.pod.name.state === 'absent' || WELL.includes(own)) return [];
  const troubled = siblings.filter((s) => s.trouble !== '').length;
  const healthy = siblings.filter((s) => s.ready).length;
  const words =
    troubled === siblings.length
      ? `all ${siblings.length + 1} pods of the workload are in trouble`
      : healthy === siblings.length
        ? `only this pod is in trouble; ${counted(healthy, 'other pod is', 'other pods are')} ready`
        : `${troubled} of ${counted(siblings.length, 'other pod')} in trouble too`;
  return [{ kind: 'replicas', text: words, at: 'pods' }];
}

/** Every troubled pod stands on this node, and none of those elsewhere is troubled. */
function onlyThisNode(evidence: Evidence): ContextFact[] {
  const here = known(evidence.pod.nodeName);
  const siblings = known(evidence.siblings) ?? [];
  const elsewhere = siblings.filter((s) => s.nodeName !== here && s.ready);
  const well = siblings.filter((s) => s.nodeName === here && s.ready);
  const troubledElsewhere = siblings.some((s) => s.trouble !== '' && s.nodeName !== here);
  if (!here || elsewhere.length === 0 || well.length > 0 || troubledElsewhere) return [];
  return [
    {
      kind: 'node',
      text: `only on node ${here}; ${elsewhere.length} ready on other nodes, none on this one`,
      at: evidence.pod.nodeName.at,
    },
  ];
}
