// One key of a ConfigMap, made from a neighbouring key and followed by a restart of the workload that reads it. The value
// goes from the object as it is now straight into the patch; the plan knows its hash only.

import type { PlanInput } from '../core/action.ts';
import type { Change, ChangeStep, JsonPatchOperation, Now } from '../core/change.ts';
import type { Reference } from '../core/evidence/around.ts';
import { known } from '../core/fact.ts';
import { at, hashOf, isObject } from '../core/json.ts';
import { lookAt, nameOf, uidOf } from '../core/normalise/look.ts';
import { managedBy } from '../core/normalise/managed-by.ts';
import { type Plan, type PlanTarget, planId, type Refusal } from '../core/plan.ts';
import type { KubeObject } from '../core/snapshot.ts';
import { command } from './by-hand.ts';
import { restartOperations } from './restart.ts';
import { blastRadius, type Changeable, VERIFICATION } from './target.ts';
import { handedOver } from './template.ts';
import { asChange, escapePointer, guarded, isMarked, stepsFor } from './write.ts';

/** Kustomize's own alphabet of suffixes: such an object is never changed, only replaced by one of another name. */
const HASH_SUFFIX = /-[2456789bcdfghkmt]{10}$/;
const USERS = ['Deployment', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob'];

/** The content comes from a neighbouring key, or a person typed it. */
type Wanted = { configMap: Reference; key: string } & ({ copyOf: string } | { value: string });

export function keyPlan(input: PlanInput, found: Changeable, wanted: Wanted): Plan | Refusal {
  const { configMap, key } = wanted;
  const { name } = configMap;
  const { workload, target } = found;
  if (known(configMap.object)?.immutable)
    return {
      refusal: `ConfigMap ${name} is immutable: make a new one with the key ${key} and name it in ${workload.name}.`,
    };
  if (HASH_SUFFIX.test(name))
    return {
      refusal: `The name of ConfigMap ${name} holds a hash of its content, so it is generated: change its source, which gives it a new name.`,
    };
  const content = 'value' in wanted ? 'what was typed' : `what ${wanted.copyOf} holds`;
  const identity = {
    action: 'fix-config' as const,
    target,
    container: input.cause.container,
    intent: {
      configMap: name,
      key,
      ...('value' in wanted ? { value: wanted.value } : { copyOf: wanted.copyOf }),
      stamp: input.evidence.now,
    },
    ...(found.also.length > 0 ? { also: found.also } : {}),
  };
  return {
    ...identity,
    id: planId(identity),
    reads: [{ kind: 'ConfigMap', name }, ...USERS.map((kind) => ({ kind }))],
    title: `Add ${key} to ConfigMap ${name}`,
    risk: 'medium',
    diff: `+ ConfigMap ${name}: ${key} = ${'value' in wanted ? wanted.value : content}\n+ ${workload.name}: restart`,
    effect: `ConfigMap ${name} has ${key} too, with ${content}, and ${workload.name} starts anew to read it.`,
    blastRadius: blastRadius(input.evidence, workload),
    verification: VERIFICATION,
    undo: `Take ${key} out of ConfigMap ${name} again and restart.`,
    warnings: [
      ...found.warnings,
      ...('value' in wanted
        ? []
        : [
            `That ${wanted.copyOf} holds what ${key} was meant to hold is likely from its name, not certain: look at it first.`,
          ]),
    ],
    ...handedOver(
      input,
      found,
      `# ConfigMap ${name}\ndata:\n  ${key}: ${'value' in wanted ? JSON.stringify(wanted.value) : `# ${content}`}`,
    ),
  };
}

/** Adds the ConfigMap's uid, the hash of what is copied, and every workload that reads it. */
export function usersOf(plan: Plan, { related }: Now): Plan | Refusal {
  const { configMap: name = '', copyOf = '', value } = plan.intent;
  const found = related.find((o) => o.kind === 'ConfigMap' && nameOf(o) === name);
  if (!found) return { refusal: `ConfigMap ${name} is not there any more. Diagnose again.` };
  const owner = ownerOf(found);
  if (owner)
    return { refusal: `ConfigMap ${name} belongs to ${owner}, which would put its own content back: change it there.` };
  if (found.immutable === true)
    return { refusal: `ConfigMap ${name} is immutable: make a new one and name it in ${plan.target.name}.` };
  const content = value ?? at(found, 'data', copyOf);
  if (content === undefined)
    return {
      refusal: `${copyOf} of ConfigMap ${name} is binary or gone, so nothing is copied from it. Add ${plan.intent.key} by hand: ${command(['edit', 'configmap', name, '-n', plan.target.namespace], [name, plan.target.namespace])}`,
    };
  const users = related.filter((o) => USERS.includes(o.kind) && names(o, name)).map((o) => `${o.kind} ${nameOf(o)}`);
  const also: PlanTarget = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    namespace: plan.target.namespace,
    name,
    uid: uidOf(found),
    templateHash: '',
  };
  const intent = { ...plan.intent, valueHash: hashOf(content) };
  const complete = { ...plan, also: [...(plan.also ?? []), also], intent };
  const others = users.filter((user) => user !== `${plan.target.kind} ${plan.target.name}`);
  return {
    ...complete,
    id: planId(complete),
    blastRadius: `${plan.blastRadius}; ConfigMap ${name} is read by ${users.join(', ') || 'nobody else'}`,
    warnings: [
      ...plan.warnings,
      ...(others.length > 0 ? [`${others.join(', ')} see the new key too, files of a volume without a restart.`] : []),
    ],
  };
}

function ownerOf(found: KubeObject): string | undefined {
  const alone = { cluster: '', now: '', objects: [found], logs: [], unread: [], templateHashes: {} };
  return managedBy(lookAt(alone), found)[0];
}

/** Whether any field named like a reference to a ConfigMap names this one. */
function names(value: unknown, name: string): boolean {
  if (Array.isArray(value)) return value.some((item) => names(item, name));
  if (!isObject(value)) return false;
  return Object.entries(value).some(
    ([field, inner]) => (/^configMap(?:Ref|KeyRef)?$/.test(field) && at(inner, 'name') === name) || names(inner, name),
  );
}

/** The ConfigMap first, then the restart; each leaves its mark. */
export function keyChange(plan: Plan, now: Now): Change {
  const wanted = (plan.also ?? []).find(({ kind }) => kind === 'ConfigMap');
  const found = now.related.find((o) => o.kind === 'ConfigMap' && nameOf(o) === wanted?.name);
  if (!wanted || !found || uidOf(found) !== wanted.uid)
    return { is: 'drift', because: `ConfigMap ${plan.intent.configMap} was replaced since the plan was made` };
  const rest = stepsFor(plan, now, (target) => restartOperations(target, plan.intent.stamp ?? ''));
  if (rest.is === 'drift' || rest.is === 'refused' || rest.is === 'already-done') return rest;
  const steps: ChangeStep[] = rest.is === 'steps' ? rest.steps : [rest];
  if (isMarked(plan, found)) return asChange(steps);
  const operations = plan.intent.remove ? removal(plan, found) : addition(plan, found);
  if (!Array.isArray(operations)) return operations;
  return asChange([{ is: 'patch', target: wanted, operations: guarded(plan, wanted, found, operations) }, ...steps]);
}

function addition({ intent }: Plan, found: KubeObject): JsonPatchOperation[] | Extract<Change, { is: 'drift' }> {
  const { key = '', copyOf = '', valueHash } = intent;
  if (at(found, 'data', key) !== undefined) return { is: 'drift', because: `the ConfigMap has ${key} by now` };
  if (intent.value !== undefined) return typed(key, intent.value, found);
  const value = at(found, 'data', copyOf);
  if (value === undefined || hashOf(value) !== valueHash)
    return { is: 'drift', because: `${copyOf} of the ConfigMap was changed since the plan was made` };
  return [
    { op: 'test', path: `/data/${escapePointer(copyOf)}`, value },
    { op: 'add', path: `/data/${escapePointer(key)}`, value },
  ];
}

function typed(key: string, value: string, found: KubeObject): JsonPatchOperation[] {
  return isObject(found.data)
    ? [{ op: 'add', path: `/data/${escapePointer(key)}`, value }]
    : [{ op: 'add', path: '/data', value: { [key]: value } }];
}

function removal({ intent }: Plan, found: KubeObject): JsonPatchOperation[] | Extract<Change, { is: 'drift' }> {
  const { key = '', valueHash } = intent;
  const value = at(found, 'data', key);
  if (value === undefined || hashOf(value) !== valueHash)
    return { is: 'drift', because: `${key} of the ConfigMap was changed since it was added` };
  return [
    { op: 'test', path: `/data/${escapePointer(key)}`, value },
    { op: 'remove', path: `/data/${escapePointer(key)}` },
  ];
}

export function keyUndo(plan: Plan): Plan {
  const { key, configMap } = plan.intent;
  const identity = {
    ...plan,
    intent: { ...plan.intent, remove: key ?? '', stamp: `${plan.intent.stamp} undone` },
    ...(plan.also ? { also: plan.also.map((o) => (o.kind === 'Pod' ? { ...o, uid: '' } : o)) } : {}),
  };
  return {
    ...identity,
    id: planId(identity),
    title: `Undo: take ${key} out of ConfigMap ${configMap}`,
    diff: `- ConfigMap ${configMap}: ${key}\n+ ${plan.target.name}: restart`,
    effect: `ConfigMap ${configMap} is as it was, and ${plan.target.name} starts anew.`,
    undo: `Add ${key} again.`,
  };
}
