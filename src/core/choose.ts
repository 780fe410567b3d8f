// Chooses what to diagnose in a snapshot: the named pod or workload, or else the most broken one.

import { brokenness, created, mostBroken, troubleTold } from './brokenness.ts';
import { at, objects } from './json.ts';
import { type Look, nameOf, namespaceOf, ownerChain, ownerOf } from './normalise/look.ts';
import { workloadWithoutPods } from './podless.ts';
import type { KubeObject, Target } from './snapshot.ts';
import { topmost, WORKLOADS } from './topmost.ts';

/** The pod to look at, or the workload when it has none; undefined when the snapshot holds neither. */
export interface Choice {
  pod: KubeObject | undefined;
  workload: KubeObject | undefined;
}

export function choose(look: Look, asked: Target): Choice | undefined {
  const target = meant(asked, look.snapshot.about);
  const pods = look.all('Pod', target.namespace);
  if (target.pod !== undefined) {
    const pod = pods.find((p) => nameOf(p) === target.pod);
    if (pod) return { pod, workload: topmost(look, pod) };
    // People name what they deployed: a name that is no pod's may be a workload's.
    const kind = WORKLOADS.find((one) => look.find(one, target.pod ?? '', target.namespace));
    return kind ? choose(look, { namespace: target.namespace, workload: { kind, name: target.pod } }) : undefined;
  }
  if (target.workload) {
    const workload = look.find(target.workload.kind, target.workload.name, target.namespace);
    const own = pods.filter((p) =>
      ownerChain(look, p).some((o) => o.kind === target.workload?.kind && o.name === target.workload?.name),
    );
    const pod = mostBroken(own);
    return workload || pod ? { pod, workload: workload ?? (pod && topmost(look, pod)) } : undefined;
  }
  const present = pods.filter((p) => !isMadeGood(look, p));
  const pod = mostBroken(
    present.length ? present : pods,
    (p) => troubleTold(look, p),
    (p) => hasLog(look, p),
  );
  const podless = workloadWithoutPods(look, target.namespace);
  if (podless && (!pod || Math.max(brokenness(pod), troubleTold(look, pod)) < PODLESS))
    return { pod: undefined, workload: podless };
  if (pod) return { pod, workload: topmost(look, pod) };
  const any = WORKLOADS.flatMap((kind) => look.all(kind, target.namespace))[0];
  return any ? { pod: undefined, workload: any } : undefined;
}

/** A Job's pod that failed before another one did the work, or before a later Job of the same CronJob did. */
function isMadeGood(look: Look, pod: KubeObject): boolean {
  const [job, cron] = ownerChain(look, pod);
  if (at(pod, 'status', 'phase') !== 'Failed' || job?.kind !== 'Job' || !job.object) return false;
  const born = created(job.object);
  return look.all('Job', namespaceOf(pod) || undefined).some((other) => {
    const later = cron?.kind === 'CronJob' && ownerOf(other)?.name === cron.name && created(other) > born;
    return (other === job.object || later) && isComplete(other);
  });
}

function isComplete(job: KubeObject): boolean {
  return objects(at(job, 'status', 'conditions')).some((c) => c.type === 'Complete' && c.status === 'True');
}

/** Of several that are broken alike, the one whose words were read is told of. */
function hasLog(look: Look, pod: KubeObject): boolean {
  return look.snapshot.logs.some((log) => log.pod === nameOf(pod) && log.text.trim() !== '');
}

/** Without a name, what the snapshot was read for. */
function meant(asked: Target, about: Target | undefined): Target {
  const named = asked.pod !== undefined || asked.workload !== undefined;
  const elsewhere = asked.namespace !== undefined && asked.namespace !== about?.namespace;
  return named || elsewhere || !about ? asked : { ...about, ...asked };
}

/** Between a pod that never came to be and one that is merely not ready. */
const PODLESS = 60;
