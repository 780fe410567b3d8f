// Gives the runtime a larger heap where the workload already sets it. Only the one flag is part of the plan: the rest of
// the variable is never stored, and the patch is built from the object as it is at the moment of the write.

import { defineAction, type PlanInput } from '../core/action.ts';
import type { ContainerEvidence } from '../core/evidence/container.ts';
import { known } from '../core/fact.ts';
import type { Edit, Plan, Refusal } from '../core/plan.ts';
import { parseQuantity } from '../core/quantity.ts';
import { byteCeilings, inUnitOf, lowest } from './ceilings.ts';
import { changeByEdits } from './edit.ts';
import { flagFor, HEAP_VARIABLES, type HeapSetting, heapBytes, heapSetting, isJava, jvmDefault, mebi } from './heap.ts';
import { ownLimit } from './own-template.ts';
import { changeable } from './target.ts';
import { listOf, TEMPLATE_PERMISSIONS, templatePlan, undoByEdits } from './template.ts';

const STEP = 2;
const LEAST_FACTOR = 1.5;
/** So much of the memory limit may be heap; stacks, code and buffers need the rest. */
const HEAP_SHARE = 0.75;
const JVM_FLAG = '-XX:MaxRAMPercentage=75.0';

export default defineAction({
  id: 'raise-heap-limit',
  title: 'Raise the heap limit',
  risk: 'medium',
  permissions: TEMPLATE_PERMISSIONS,
  raisesMemory: true,
  plan: planRaise,
  change: changeByEdits,
  undo: undoByEdits,
});

function planRaise(input: PlanInput): Plan | Refusal {
  const found = changeable(input, 'A larger heap');
  if ('refusal' in found) return found;
  const container = input.evidence.containers.find((c) => c.name === input.cause.container);
  if (!container) return { refusal: 'The container of this finding is not in the template. Diagnose again.' };
  const limit = known(container.memoryLimit);
  const limitBytes = parseQuantity(limit ?? '') ?? 0;
  const set = heapSetting(container);
  const made = set ? raised(input, container, set, limit, limitBytes) : first(container, input, limitBytes);
  if ('refusal' in made) return made;
  return templatePlan(input, found, {
    action: 'raise-heap-limit',
    title: made.title,
    risk: 'medium',
    container: container.name,
    edits: made.edits,
    diff: made.diff.join('\n'),
    effect: made.effect,
    undo: 'Set the former values again.',
    warnings: ['A larger heap buys time if the program leaks: compare the heap after some hours.'],
  });
}

interface Made {
  title: string;
  edits: Edit[];
  diff: string[];
  effect: string;
}

function raised(
  input: PlanInput,
  container: ContainerEvidence,
  { where, flag }: HeapSetting,
  limit: string | undefined,
  limitBytes: number,
): Made | Refusal {
  const entry = (known(container.env) ?? []).find((e) => e.name === where);
  if (entry?.from)
    return {
      refusal: `${where} of ${container.name} comes from ${entry.from.kind} ${entry.from.name}, key ${entry.from.key}: raise ${flag} there, then restart.`,
    };
  if (!limitBytes && flag.includes('Percentage'))
    return {
      refusal: `${container.name} has no memory limit, so ${flag} is a share of the whole node. Give it a memory limit, or a heap of a fixed size with -Xmx.`,
    };
  const heap = heapBytes(flag, limitBytes) ?? 0;
  const ceiling = lowest(byteCeilings(input, container, limitBytes));
  const wanted = Math.min(heap * STEP, ceiling.value * HEAP_SHARE);
  if (heap <= 0 || wanted < heap * LEAST_FACTOR)
    return {
      refusal: `${flag} of ${container.name} cannot grow by half: its memory is bounded by ${ceiling.what} at ${mebi(ceiling.value)}. Raise that bound first.`,
    };
  const list = listOf(container);
  const limitTo = limit && wanted > limitBytes * HEAP_SHARE ? inUnitOf(wanted / HEAP_SHARE, limit, ceiling.value) : '';
  const to = flagFor(flag, wanted, parseQuantity(limitTo) || limitBytes);
  const place = where === 'command' || where === 'args' ? [where] : ['env', `name=${where}`, 'value'];
  const edits: Edit[] = [];
  const diff: string[] = [];
  // The same share of a larger limit is a larger heap.
  if (heapBytes(to, 2 ** 30) !== heapBytes(flag, 2 ** 30)) {
    edits.push({ at: [list, `name=${container.name}`, ...place], word: { from: flag, to } });
    diff.push(`~ ${container.name}: ${where} ${flag} → ${to}`);
  }
  const from = ownLimit(input.evidence, container, 'memory');
  if (limit && limitTo) {
    const at = [list, `name=${container.name}`, 'resources', 'limits', 'memory'];
    edits.push({ at, ...(from === undefined ? {} : { from }), to: limitTo });
    diff.push(`~ ${container.name}: memory limit ${from ?? 'unset'} → ${limitTo}`);
  }
  const holder = limit ? ` under a memory limit of ${limitTo || limit}` : '';
  return { title: `Heap to ${mebi(wanted)}`, edits, diff, effect: `The heap may grow to ${mebi(wanted)}${holder}.` };
}

/** No flag is set: a JVM takes a quarter of its limit, and can be told to take more of it. */
function first(container: ContainerEvidence, input: PlanInput, limitBytes: number): Made | Refusal {
  const { cause } = input;
  const java = isJava(container) || cause.evidence.some(({ text }) => /java\.lang\.|Java heap/.test(text));
  const set = (known(container.env) ?? []).filter((e) => (HEAP_VARIABLES as readonly string[]).includes(e.name));
  const [taken] = set;
  if (taken?.from)
    return {
      refusal: `${taken.name} of ${container.name} comes from ${taken.from.kind} ${taken.from.name}, key ${taken.from.key}, and what it says is not known: set the heap there${java ? `, for example ${JVM_FLAG}` : ''}, then restart.`,
    };
  const shared = sharedHeap(input, container);
  if (shared) return { refusal: shared };
  if (taken)
    return {
      refusal: `${container.name} sets ${taken.name} without a heap size. Add ${java ? JVM_FLAG : '--max-old-space-size=MEBIBYTES'} to it where it is set.`,
    };
  if (!java || !limitBytes)
    return {
      refusal: `No heap size is set in the environment, command or args of ${container.name}, and what its runtime reads is not known. Set it where the program takes it, below three quarters of the memory limit.`,
    };
  const to = { name: 'JAVA_TOOL_OPTIONS', value: JVM_FLAG };
  return {
    title: `Heap to ${mebi(limitBytes * HEAP_SHARE)}`,
    edits: [{ at: [listOf(container), `name=${container.name}`, 'env', 'name=JAVA_TOOL_OPTIONS'], to }],
    diff: [`+ ${container.name}: env ${to.name}=${to.value}`],
    effect: `The JVM takes three quarters of its memory limit as heap, ${mebi(limitBytes * HEAP_SHARE)} instead of ${mebi(jvmDefault(limitBytes))}.`,
  };
}

/** A variable of the container itself would hide the one that comes with a whole ConfigMap or Secret. */
function sharedHeap({ evidence }: PlanInput, container: ContainerEvidence): string | undefined {
  for (const { kind, name, prefix } of known(container.envFrom) ?? []) {
    const reference = evidence.references.find((r) => r.kind === kind && r.name === name);
    const keys = (reference && known(reference.object)?.keys) ?? [];
    const names = keys.map((key) => prefix + key);
    const found = HEAP_VARIABLES.find((variable) => names.includes(variable));
    if (found)
      return `${found} of ${container.name} comes with all of ${kind} ${name}: set the heap there, for example ${JVM_FLAG}, then restart.`;
  }
  return undefined;
}
