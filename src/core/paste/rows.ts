// Rows of kubectl's tables, one pattern each, tolerant of blanks that a chat client has squeezed.

import { kindNamed } from './kinds.ts';
import { AGE } from './times.ts';

/** An event as a table shows it: ages still relative, seconds before "now". */
export interface EventRow {
  type: string;
  reason: string;
  /** Age of the last and first occurrence as printed; first is "" when there was only one. */
  last: string;
  first: string;
  count: number;
  from: string;
  message: string;
  /** Involved object; kind and name are "" in the events section of a describe. */
  kind: string;
  name: string;
  namespace: string;
  fieldPath: string;
}

const SPAN = String.raw`(?<last>${AGE})(?: \(x(?<count>\d{1,9}) over (?<first>${AGE})\))?`;
const DESCRIBED = new RegExp(String.raw`^\s*(?<type>Normal|Warning)\s+(?<reason>[A-Za-z]\w*)\s+${SPAN}\s(?<rest>.*)$`);
const LISTED = new RegExp(
  String.raw`^\s*(?:(?<namespace>[a-z0-9][a-z0-9-]*)\s+)?${SPAN}\s+(?<type>Normal|Warning)\s+(?<reason>[A-Za-z]\w*)\s+(?<kind>[a-zA-Z][\w.]*)\/(?<name>[\w.:-]+)\s+(?<rest>.*)$`,
);
// kubectl up to 1.6 and oc 3: FirstSeen LastSeen Count From SubObjectPath Type Reason Message
const ANCIENT = new RegExp(
  String.raw`^\s*(?<first>${AGE})\s+(?<last>${AGE})\s+(?<count>\d{1,9})\s+(?<from>\S.{0,200}?)\s{1,60}(?:(?<path>spec\.\S+\})\s+)?(?<type>Normal|Warning)\s+(?<reason>[A-Za-z]\w*)\s+(?<rest>.*)$`,
);
const WIDE_END = new RegExp(String.raw`^(?<first>${AGE})\s+(?<count>\d{1,9})\s+\S+\.[0-9a-f]{8,20}$`);

export function describedEvent(line: string): EventRow | undefined {
  if (line.length > 20_000) return undefined;
  const old = ANCIENT.exec(line)?.groups;
  if (old) return oldRow(old);
  const groups = DESCRIBED.exec(line)?.groups;
  if (!groups) return undefined;
  const row = { ...rowOf(groups), ...fromAndMessage(groups.rest ?? '') };
  const inside = FIELD_PATH.exec(row.message);
  return inside ? { ...row, fieldPath: inside[1]!, message: row.message.slice(inside[0].length) } : row;
}

/** A describe says who signed the event; a list says which object it is about, and who signed stands before the message. */
function oldRow(groups: { [name: string]: string | undefined }): EventRow {
  const row = { ...rowOf(groups), fieldPath: groups.path ?? '' };
  const object = /^(?<name>\S{1,253})\.[0-9a-f]{8,20}\s+(?<kind>[A-Z]\w{1,60})$/.exec(groups.from ?? '')?.groups;
  if (!object) return { ...row, from: groups.from ?? '', message: (groups.rest ?? '').trim() };
  return { ...row, ...fromAndMessage(groups.rest ?? ''), kind: kindNamed(object.kind ?? ''), name: object.name ?? '' };
}

/** kubectl from 1.34 on prints the container before the message. */
const FIELD_PATH = /^(spec\.(?:initContainers|containers|ephemeralContainers)\{[^}\s]{1,63}\}): /;

/** "kubelet            Back-off …"; "kubelet, worker-01  Back-off …" up to 1.20; nothing before the message when nobody signed. */
function fromAndMessage(rest: string): { from: string; message: string } {
  const signed = /^\s*((?:[a-z][\w./-]*)(?:, [\w.-]+)?)\s{2,}(\S.*)$/.exec(rest);
  if (signed) return { from: signed[1]!, message: signed[2]!.trim() };
  const squeezed =
    /^\s?((?:kubelet|[a-z][\w./-]*(?:-(?:controller|scheduler|manager|autoscaler|operator)|scheduler))(?:, [\w.-]+)?)\s+(\S.*)$/.exec(
      rest,
    );
  return squeezed ? { from: squeezed[1]!, message: squeezed[2]!.trim() } : { from: '', message: rest.trim() };
}

/** A row of `kubectl get events` or `kubectl events`, also -o wide, also with a namespace in front. */
export function listedEvent(printed: string): EventRow | undefined {
  if (printed.length > 20_000) return undefined;
  const line = printed.replaceAll('\t', '  ');
  const groups = LISTED.exec(line)?.groups;
  if (!groups) return undefined;
  const row = {
    ...rowOf(groups),
    kind: kindNamed(groups.kind ?? ''),
    name: groups.name ?? '',
    namespace: groups.namespace ?? '',
  };
  const rest = groups.rest ?? '';
  const [start, end] = lastThreeWords(rest);
  const wide = WIDE_END.exec(end)?.groups;
  if (!wide) return { ...row, message: rest.trim() };
  const path = /^(spec\.\w+\{[^}]*\})\s+/.exec(start);
  const left = start.slice(path?.[0].length ?? 0);
  return {
    ...row,
    ...fromAndMessage(left),
    fieldPath: path?.[1] ?? '',
    first: wide.first ?? '',
    count: Number(wide.count),
  };
}

/** -o wide puts FIRST SEEN, COUNT and NAME behind the message. */
function lastThreeWords(text: string): [string, string] {
  const line = text.trimEnd();
  let at = line.length;
  for (let n = 0; n < 3 && at > 0; n++) {
    while (at > 0 && line[at - 1] === ' ') at--;
    at = line.lastIndexOf(' ', at - 1) + 1;
  }
  return [line.slice(0, at), line.slice(at)];
}

function rowOf(groups: { [name: string]: string | undefined }): EventRow {
  return {
    type: groups.type ?? '',
    reason: groups.reason ?? '',
    last: groups.last ?? '',
    first: groups.first ?? '',
    count: Number(groups.count ?? 1),
    from: '',
    message: '',
    kind: '',
    name: '',
    namespace: '',
    fieldPath: '',
  };
}

export const EVENTS_HEADER =
  /^\s*(?:NAMESPACE\s+)?LAST SEEN\s+(?:FIRST SEEN\s+COUNT\s+NAME\s+)?TYPE\s+REASON\s+(?:OBJECT|KIND)\b/;
export const PODS_HEADER =
  /^\s*(?:NAMESPACE[↑↓]?\s+)?NAME(?:\s+READY\s+STATUS\s+RESTARTS\s+AGE\b|[↑↓]?\s+PF\s+READY\b)/;
/** The heading of another table of kubectl; nothing in it says why a pod crashes. */
export function isOtherHeader(line: string): boolean {
  if (line.length > 300) return false;
  const heads = line.trim().split(/ {2,}/);
  return (
    heads.length >= 3 &&
    /^(?:NAMESPACE|NAME|CONTAINER|REVISION)$/.test(heads[0]!) &&
    heads.every((head) => /^[A-Z][A-Z()%/ -]*$/.test(head))
  );
}

export interface PodRow {
  name: string;
  namespace: string;
  ready: number;
  of: number;
  status: string;
  restarts: number;
  /** How long ago the last of them was, as printed; "" where the table does not say. */
  restarted: string;
  node: string;
}

const POD_ROW = new RegExp(
  String.raw`^\s*(?:(?<namespace>[a-z0-9][a-z0-9-]*)\s+)?(?:pod/)?(?<name>[a-z0-9][a-z0-9.-]*)\s+(?<ready>\d{1,3})/(?<of>\d{1,3})\s+(?<status>[A-Z][\w:/-]*)\s+(?<restarts>\d{1,6})(?: \((?<ago>${AGE}) ago\)| \([^)]*\))?\s+(?<age>${AGE})(?:\s+(?<ip>[\d.:a-f]+|<none>)\s+(?<node>\S+))?(?:\s.*)?$`,
);

/** k9s: a mark for forwarded ports, no brackets behind the restarts, older ones before the status. */
const K9S_ROW =
  /^\s*(?:(?<namespace>[a-z0-9][a-z0-9-]*)\s+)?(?<name>[a-z0-9][a-z0-9.-]*)\s+[●○Ⓕ]\s+(?<ready>\d{1,3})\/(?<of>\d{1,3})\s+(?:(?<early>\d{1,6})\s+)?(?<status>[A-Z][\w:/-]*)(?:\s+(?<late>\d{1,6})(?=\s|$))?/;

export function podRow(line: string): PodRow | undefined {
  if (line.length > 2_000) return undefined;
  if (line.includes('**')) return podRow(line.replaceAll('**', ''));
  const groups = POD_ROW.exec(line)?.groups ?? K9S_ROW.exec(line)?.groups;
  if (!groups) return undefined;
  const node = groups.node ?? '';
  return {
    name: groups.name ?? '',
    namespace: groups.namespace ?? '',
    ready: Number(groups.ready),
    of: Number(groups.of),
    status: groups.status ?? '',
    restarts: Number(groups.restarts ?? groups.early ?? groups.late ?? 0),
    restarted: groups.ago ?? '',
    node: node === '<none>' ? '' : node,
  };
}
