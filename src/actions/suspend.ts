// Stops a CronJob from starting more Jobs that fail. It cures nothing; it ends the storm until somebody has.

import { defineAction, type PlanInput } from '../core/action.ts';
import { known } from '../core/fact.ts';
import { at } from '../core/json.ts';
import { kubectl } from '../core/kubectl.ts';
import { inSentence, type Plan, planId, type Refusal } from '../core/plan.ts';
import type { KubeObject } from '../core/snapshot.ts';
import { workloadOf } from './target.ts';
import { handedOver, reversed } from './template.ts';
import { type Operations, stepsFor } from './write.ts';

export default defineAction({
  id: 'suspend',
  title: 'Suspend the CronJob',
  risk: 'low',
  permissions: [{ apiGroup: 'batch', resource: 'cronjobs', verbs: ['get', 'patch'] }],
  plan: planSuspend,
  change: (plan, now) => stepsFor(plan, now, (cronJob) => setSuspend(cronJob, plan.intent.suspend === 'true')),
  undo: (plan) => {
    const draft = {
      action: 'suspend' as const,
      target: plan.target,
      container: '',
      intent: { suspend: plan.intent.suspend === 'true' ? 'false' : 'true' },
    };
    return {
      ...plan,
      ...draft,
      id: planId(draft),
      title: `Undo: ${inSentence(plan.title)}`,
      diff: plan.diff.split('\n').map(reversed).join('\n'),
      effect:
        draft.intent.suspend === 'true'
          ? `${plan.target.name} starts no more Jobs.`
          : `${plan.target.name} starts Jobs by its schedule again.`,
    };
  },
  heals: false,
  report: ({ target, intent }) => {
    const { namespace, name } = target;
    if (intent.suspend !== 'true') return `${name} runs by its schedule again.`;
    const resume = kubectl(
      ['patch', 'cronjob', name, '-n', namespace, '-p', '{"spec":{"suspend":false}}'],
      [name, namespace],
    );
    return `${name} is suspended: no new Job starts, and what made them fail is not cured. Once it is: ${resume}`;
  },
});

/** Whoever did it in the meantime had a reason of their own: it is not done over them. */
function setSuspend(cronJob: KubeObject, value: boolean): Operations {
  const now = at(cronJob, 'spec', 'suspend');
  if ((now === true) === value)
    return { is: 'drift', because: `it is ${value ? 'suspended' : 'resumed'} already, by somebody else` };
  const guard = now === undefined ? [] : [{ op: 'test' as const, path: '/spec/suspend', value: now }];
  return [...guard, { op: 'add', path: '/spec/suspend', value }];
}

function planSuspend(input: PlanInput): Plan | Refusal {
  const found = workloadOf(input.evidence, 'Suspending');
  if ('refusal' in found) return found;
  const { workload, target, warnings } = found;
  if (workload.kind !== 'CronJob')
    return { refusal: `Only a CronJob can be suspended; ${workload.name} is a ${workload.kind}.` };
  if (workload.detail.suspend === true) return { refusal: `${workload.name} is suspended already.` };
  const failing = (known(input.evidence.siblings) ?? []).filter((pod) => pod.trouble !== '').length + 1;
  const draft = { action: 'suspend' as const, target, container: '', intent: { suspend: 'true' } };
  return {
    ...draft,
    id: planId(draft),
    title: `Suspend ${workload.name}`,
    risk: 'low',
    diff: '~ suspend: false → true',
    effect: `${workload.name} (${String(workload.detail.schedule ?? 'no schedule')}) starts no more Jobs; those that run go on. This stops the noise and cures nothing.`,
    blastRadius: `CronJob ${workload.name}; ${failing} of its pods ${failing === 1 ? 'is' : 'are'} in trouble`,
    verification: 'No new Job starts. What made them fail stays to be cured.',
    undo: 'Resume the schedule.',
    warnings: [...warnings, 'Runs that fall due while it is suspended are lost or start late.'],
    ...handedOver(input, found, 'spec:\n  suspend: true'),
  };
}
