// What collectors of logs export: JSON records that hold a line of a log beside the pod and container it came from. Read
// only where the records name a pod; a program's own JSON stays its log.

import { at, isObject, text } from '../json.ts';
import type { Carried, Tailed } from './tailed.ts';

interface Record extends Carried {
  /** When it was said, as printed; "" where the record does not say. */
  time: string;
}

const MOST_CHARACTERS = 20_000_000;

type Path = readonly string[];

/** Where Fluent Bit, Vector, Elastic, Google, Azure, Grafana and Datadog keep each of them. */
const SAID: Path[] = [
  ['textPayload'],
  ['jsonPayload'],
  ['log'],
  ['message'],
  ['line'],
  ['LogMessage'],
  ['LogEntry'],
  ['_raw'],
];
const PODS: Path[] = [
  ['kubernetes', 'pod_name'],
  ['kubernetes', 'pod', 'name'],
  ['resource', 'labels', 'pod_name'],
  ['labels', 'pod'],
  ['fields', 'pod'],
  ['stream', 'pod'],
  ['PodName'],
  ['pod_name'],
  ['pod'],
];
const CONTAINERS: Path[] = [
  ['kubernetes', 'container_name'],
  ['kubernetes', 'container', 'name'],
  ['resource', 'labels', 'container_name'],
  ['labels', 'container'],
  ['fields', 'container'],
  ['stream', 'container'],
  ['ContainerName'],
  ['container_name'],
  ['container'],
];
const NAMESPACES: Path[] = [
  ['kubernetes', 'namespace_name'],
  ['kubernetes', 'namespace'],
  ['resource', 'labels', 'namespace_name'],
  ['labels', 'namespace'],
  ['fields', 'namespace'],
  ['stream', 'namespace'],
  ['PodNamespace'],
  ['namespace_name'],
  ['namespace'],
];
const TIMES: Path[] = [['timestamp'], ['@timestamp'], ['time'], ['date'], ['TimeGenerated'], ['ts'], ['_time']];
/** What the record of a search's answer is wrapped in. */
const WRAPPERS = ['content', 'attributes', '_source', 'result'];

/** The lines in the order in which they were said; undefined when these are no such records. */
export function shipped(lines: string[]): Tailed | undefined {
  const first = lines.find((line) => line.trim() !== '')?.trimStart()[0];
  if (first !== '{' && first !== '[') return undefined;
  const records = valuesIn(lines)?.flatMap(recordsOf);
  if (!records?.length || records.some((record) => record === undefined)) return undefined;
  const found = records.filter((record): record is Record => record !== undefined);
  const from = Date.parse(found[0]!.time);
  const to = Date.parse(found.at(-1)!.time);
  const carried = (to < from ? found.reverse() : found).flatMap(({ time: _, ...record }) =>
    record.said
      .replace(/\r?\n$/, '')
      .split('\n')
      .map((said) => ({ ...record, said })),
  );
  return { carried, rest: [] };
}

/** One document over all lines, or one on each. */
function valuesIn(lines: string[]): unknown[] | undefined {
  const whole = lines.join('\n');
  if (whole.length > MOST_CHARACTERS) return undefined;
  const own = lines.filter((line) => line.trim() !== '').map((line) => parsed(line.trim().replace(/,$/, '')));
  if (own.every(isObject)) return own.flatMap(listIn);
  const value = parsed(whole);
  return value === undefined ? undefined : listIn(value);
}

function parsed(source: string): unknown {
  if (source[0] !== '{' && source[0] !== '[') return undefined;
  try {
    return JSON.parse(source);
  } catch {
    return undefined;
  }
}

function listIn(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  const lists = [['hits', 'hits'], ['events'], ['entries'], ['logs'], ['data'], ['data', 'result'], ['results']];
  return lists.map((path) => at(value, ...path)).find(Array.isArray) ?? [value];
}

function recordsOf(value: unknown): (Record | undefined)[] {
  // Loki answers with the lines of each stream.
  const stream = at(value, 'stream');
  if (isObject(stream) && isObject(value) && Array.isArray(value.values))
    return value.values.map((pair: unknown) =>
      Array.isArray(pair) ? recordOf({ stream, line: pair[1], time: timeOfNanoseconds(pair[0]) }) : undefined,
    );
  const inside = WRAPPERS.map((name) => at(value, name)).find(isObject);
  const message = isObject(value) && typeof value.message === 'string' ? parsed(value.message) : undefined;
  return [recordOf(value) ?? recordOf(inside) ?? recordOf(message)];
}

function timeOfNanoseconds(value: unknown): string {
  const milliseconds = Number(text(value)) / 1e6;
  return milliseconds > 0 && milliseconds < 8e15 ? new Date(milliseconds).toISOString() : '';
}

function recordOf(value: unknown): Record | undefined {
  if (!isObject(value)) return undefined;
  const tags = tagsOf(value);
  const find = (paths: Path[]) => paths.map((path) => text(at(value, ...path))).find((word) => word !== undefined);
  const pod = find(PODS) ?? tags.get('pod_name');
  const said = SAID.map((path) => at(value, ...path)).find((word) => word !== undefined && word !== null);
  if (!pod || said === undefined) return undefined;
  return {
    pod,
    container: find(CONTAINERS) ?? tags.get('kube_container_name') ?? '',
    namespace: find(NAMESPACES) ?? tags.get('kube_namespace') ?? '',
    said: typeof said === 'string' ? said : JSON.stringify(said),
    time: find(TIMES) ?? '',
  };
}

/** Datadog: ["pod_name:api-0", …]. */
function tagsOf({ tags }: { [key: string]: unknown }): Map<string, string> {
  if (!Array.isArray(tags)) return new Map();
  return new Map(
    tags.flatMap((tag): [string, string][] => {
      const [name = '', value = ''] = typeof tag === 'string' ? tag.split(/:(.*)/, 2) : [];
      return name ? [[name, value]] : [];
    }),
  );
}
