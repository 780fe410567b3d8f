// The runtime's own heap: where its size is set, and what a memory limit means for it.

import type { ContainerEvidence } from '../core/evidence/container.ts';
import { known } from '../core/fact.ts';
import { parseQuantity } from '../core/quantity.ts';

/** Variables that runtimes read by themselves or that start scripts hand on by custom. */
export const HEAP_VARIABLES = ['JAVA_TOOL_OPTIONS', 'JDK_JAVA_OPTIONS', 'JAVA_OPTS', 'NODE_OPTIONS'] as const;

const HEAP_FLAG =
  /^(?:-Xmx\d+[kKmMgGtT]?|-XX:MaxHeapSize=\d+[kKmMgGtT]?|-XX:MaxRAMPercentage=\d+(?:\.\d+)?|--max[-_]old[-_]space[-_]size=\d+)$/;

export interface HeapSetting {
  /** Variable that holds the flag, or "command" or "args". */
  where: string;
  flag: string;
}

/**
 * Which flag overrules which: a JVM reads its own variables before its arguments and the last one after them, V8 its
 * variable before them; a start script puts any other variable among the arguments.
 */
function overrules({ where }: HeapSetting): number {
  const order = ['JAVA_TOOL_OPTIONS', 'JDK_JAVA_OPTIONS', '', 'command', 'args', '_JAVA_OPTIONS'];
  return order.indexOf(order.includes(where) ? where : '');
}

/** The heap flag that this container is given and that counts: the last one wins in both runtimes. */
export function heapSetting(container: ContainerEvidence): HeapSetting | undefined {
  const found: HeapSetting[] = [];
  const look = (where: string, said: string): void => {
    for (const flag of said.split(/\s+/)) if (HEAP_FLAG.test(flag)) found.push({ where, flag });
  };
  for (const entry of known(container.env) ?? []) look(entry.name, entry.value ?? '');
  look('command', (known(container.command) ?? []).join(' '));
  look('args', (known(container.args) ?? []).join(' '));
  return found.sort((a, b) => overrules(a) - overrules(b)).at(-1);
}

const UNITS: { [letter: string]: string } = { k: 'Ki', m: 'Mi', g: 'Gi', t: 'Ti' };

/** Bytes of heap that a flag allows under a memory limit, or undefined for a text that is no heap flag. */
export function heapBytes(flag: string, limitBytes: number): number | undefined {
  const xmx = /^-(?:Xmx|XX:MaxHeapSize=)(\d+)([kKmMgGtT]?)$/.exec(flag);
  if (xmx) return parseQuantity(`${xmx[1]}${UNITS[(xmx[2] ?? '').toLowerCase()] ?? ''}`) ?? 0;
  const percent = /^-XX:MaxRAMPercentage=([\d.]+)$/.exec(flag);
  if (percent) return (Number(percent[1]) / 100) * limitBytes;
  const mebibytes = /size=(\d+)$/.exec(flag);
  return mebibytes ? Number(mebibytes[1]) * 2 ** 20 : undefined;
}

/** The same flag for another heap size. */
export function flagFor(flag: string, bytes: number, limitBytes: number): string {
  const mebibytes = Math.floor(bytes / 2 ** 20);
  if (flag.startsWith('-Xmx')) return `-Xmx${mebibytes}m`;
  if (flag.startsWith('-XX:MaxHeapSize')) return `-XX:MaxHeapSize=${mebibytes}m`;
  if (flag.startsWith('-XX:MaxRAMPercentage'))
    return `-XX:MaxRAMPercentage=${Math.floor((bytes / limitBytes) * 100)}.0`;
  return `${flag.split('=')[0]}=${mebibytes}`;
}

export const mebi = (bytes: number): string => `${Math.floor(bytes / 2 ** 20)}Mi`;

/** A runtime with a heap of its own does not use more memory just because it may; "" for other programs. */
export function heapWords(container: ContainerEvidence, limitBytes: number): string {
  const set = heapSetting(container);
  if (set) {
    const heap = heapBytes(set.flag, limitBytes) ?? 0;
    const room = heap > limitBytes * 0.8 ? ' That leaves too little for what lies outside the heap.' : '';
    return ` It starts with ${set.flag}: a heap of ${mebi(heap)}, and what lies outside it must fit too.${room}`;
  }
  const soft = (known(container.env) ?? []).find(({ name, value }) => name === 'GOMEMLIMIT' && value);
  if (soft)
    return ` GOMEMLIMIT=${soft.value} stays: the Go runtime collects all the time to keep below it, so raise it too if the program needs more.`;
  if (isJava(container))
    return ` A JVM without -Xmx takes ${mebi(jvmDefault(limitBytes))} of the limit as its heap, a quarter of a large one.`;
  if (isNode(container))
    return ` V8 without --max-old-space-size takes half of the limit as its heap, at most 2 GiB below 15 GiB: ${mebi(v8Default(limitBytes))}.`;
  return '';
}

/** Arguments::set_heap_size of HotSpot: half of little memory, a quarter of much, and never less than MaxHeapSize between. */
export function jvmDefault(limitBytes: number): number {
  const least = 96 * 1.3 * 2 ** 20;
  return limitBytes / 2 < least ? limitBytes / 2 : Math.max(limitBytes / 4, least);
}

/** Heap::HeapSizeFromPhysicalMemory of V8 on 64 bits; Node hands it the limit as the memory of the machine. */
function v8Default(limitBytes: number): number {
  return Math.min(limitBytes / 2, limitBytes >= 15 * 2 ** 30 ? 4 * 2 ** 30 : 2 * 2 ** 30);
}

function isNode(container: ContainerEvidence): boolean {
  const said = [...(known(container.command) ?? []), ...(known(container.args) ?? [])].join(' ');
  return (
    /(?:^|[/\s])(?:node|npm|yarn|pnpm)(?:\s|$)/.test(said) ||
    (known(container.env) ?? []).some(({ name }) => /^NODE_(?:ENV|OPTIONS)$/.test(name))
  );
}

export function isJava(container: ContainerEvidence): boolean {
  const said = [...(known(container.command) ?? []), ...(known(container.args) ?? [])].join(' ');
  const variables = (known(container.env) ?? []).map((e) => e.name);
  return /(?:^|[/\s])java(?:\s|$)|\.jar\b/.test(said) || variables.some((name) => /^(?:JAVA_|JDK_JAVA)/.test(name));
}
