// Nothing is wrong, and the answer says so.

import { isStopped } from '../core/case/symptom.ts';
import { casesOf } from '../core/case.ts';
import type { Evidence } from '../core/evidence.ts';
import { cite, known } from '../core/fact.ts';
import { defineRule, holdsForPod } from '../core/rule.ts';

export default defineRule({
  id: 'none',
  title: 'Healthy',
  explains: ['healthy'],
  judge: (evidence) => {
    const cases = casesOf(evidence);
    if (
      !cases.some((k) => k.container.kind !== 'init') ||
      !cases.every((k) => k.symptom === 'healthy') ||
      troubled(evidence)
    )
      return [];
    const name = known(evidence.pod.name) ?? 'the pod';
    const removed = cases.some((k) => k.exit.state === 'seen' && isStopped(k.exit.value, evidence));
    return [
      holdsForPod({
        strength: hidden(evidence) ? 'sign' : 'proof',
        summary:
          known(evidence.pod.phase) === 'Succeeded'
            ? `${name} has done its work and ended well; nothing crashed`
            : removed
              ? `${name} is being removed, and ended when it was told to; nothing crashed`
              : `${name} runs and is ready; nothing crashed`,
        evidence: cases.flatMap((k) => [
          ...cite(k.container.restartCount, `${k.container.name}: 0 restarts`),
          ...cite(k.container.ready, `${k.container.name} ${known(k.container.ready) ? 'ready' : 'ended'}`),
          ...(removed ? cite(evidence.pod.deletionTimestamp, 'the pod is being deleted') : []),
        ]),
      }),
    ];
  },
  doc: {
    looksAt: 'the state, readiness and restart count of every container',
    means: 'All containers run, are ready, and none was restarted.',
    fix: 'Nothing to do.',
    prevention: '',
    notThis: 'A pod that runs but is not ready, or one that crashed before and runs now.',
  },
});

/** Trouble that no container's state shows: a probe that cannot even run, replicas that cannot be made. */
function troubled(evidence: Evidence): boolean {
  const workload = known(evidence.workload);
  const short = workload !== undefined && !workload.unobserved && workload.readyReplicas < workload.replicas;
  const unready = (known(evidence.pod.conditions) ?? []).some((c) => c.type === 'Ready' && c.status === 'False');
  const leaving = evidence.pod.deletionTimestamp.state === 'seen';
  if (unready && !leaving && known(evidence.pod.phase) !== 'Succeeded') return true;
  return (known(evidence.events) ?? []).some(
    (e) =>
      e.type === 'Warning' &&
      ((e.reason === 'Unhealthy' && /errored/.test(e.message)) || (short && e.reason === 'FailedCreate')),
  );
}

/** Trouble could be there unseen: restarts or readiness were not read, or a probe runs a command and events were not. */
function hidden(evidence: Evidence): boolean {
  const { containers, events } = evidence;
  if (containers.some((c) => c.restartCount.state === 'unread' || c.ready.state === 'unread')) return true;
  if (events.state !== 'unread') return false;
  return containers.some(({ probes }) =>
    [probes.liveness, probes.startup, probes.readiness].some((p) => p.state === 'unread' || known(p)?.type === 'exec'),
  );
}
