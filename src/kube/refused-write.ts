// What it means that the API server took no write. It does not say which guard failed: reading again tells a changed object
// from a bad patch.
import type { ChangeStep, JsonPatchOperation } from '../core/change.ts';
import { canonical } from '../core/json.ts';
import { uidOf } from '../core/normalise/look.ts';
import type { PlanTarget } from '../core/plan.ts';
import type { KubeObject } from '../core/snapshot.ts';
import { templateHash } from '../core/template-hash.ts';
import type { Cluster } from './clusters.ts';
import { kubeError } from './errors.ts';
import type { Written } from './execute.ts';
import { findObject } from './objects.ts';
import { resourceOf } from './plan-objects.ts';
import { valueAt } from './pod-parts.ts';
import { readable } from './words.ts';

const GUARDED = ['invalid', 'conflict', 'not-found'];

export async function refused(cluster: Cluster, step: ChangeStep, error: unknown): Promise<Written> {
  const { kind } = kubeError(error);
  const why = readable(error);
  const drift = await driftOf(cluster, step, kind).catch(() => undefined);
  if (drift) return { ok: false, because: 'drift', why: drift };
  if (kind === 'forbidden') return { ok: false, because: 'forbidden', why };
  const lost = ['timeout', 'unreachable', 'other', 'not-kubernetes'].includes(kind);
  return { ok: false, because: lost ? 'unreachable' : 'rejected', why };
}

/** Undefined when every guard still holds. */
async function driftOf(cluster: Cluster, step: ChangeStep, kind: string): Promise<string | undefined> {
  if (step.is === 'create-pod' || !GUARDED.includes(kind)) return undefined;
  const { namespace, name } = step.is === 'patch' ? step.target : step;
  if (step.is === 'delete-pod')
    return kind === 'invalid' ? undefined : `Pod ${name} is not the one the plan meant: it is gone or was replaced.`;
  const resource = resourceOf(step.is === 'patch' ? step.target.kind : 'Pod');
  const now = await findObject(cluster, { resource, namespace, name });
  if (step.is === 'patch') return objectDrift(now, step.target, step.operations);
  if (!now || uidOf(now) !== step.uid) return `Pod ${name} is not the one the plan meant: it is gone or was replaced.`;
  const broken = brokenGuard(now, step.operations);
  if (!broken) return undefined;
  return broken.path.startsWith('/status/')
    ? `The container of pod ${name} ended in that moment, and a resize would not reach its pod.`
    : `The resources of pod ${name} were changed since the plan.`;
}

function objectDrift(
  now: KubeObject | undefined,
  target: PlanTarget,
  operations: JsonPatchOperation[],
): string | undefined {
  const label = `${target.kind} ${target.name}`;
  if (!now) return `${label} does not exist any more.`;
  if (uidOf(now) !== target.uid) return `${label} was deleted and made again since the plan.`;
  if ((templateHash(now) ?? '') !== target.templateHash) return `The template of ${label} has changed since the plan.`;
  return brokenGuard(now, operations) && `${label} was changed since the plan.`;
}

const brokenGuard = (now: KubeObject, operations: JsonPatchOperation[]): JsonPatchOperation | undefined =>
  operations.find((o) => o.op === 'test' && canonical(valueAt(now, o.path)) !== canonical(o.value));
