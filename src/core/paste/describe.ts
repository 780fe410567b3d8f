// Reads `kubectl describe` of any kind into its sections. Goes by keys first and by depth second, so that a paste
// whose blanks were lost is still read.

import type { JsonObject } from '../json.ts';
import { indentOf } from './clean.ts';
import { type ContainerBlock, readContainer } from './describe-container.ts';
import { CONTAINER_KEYS, keyValue, SECTION_KEYS } from './describe-lines.ts';
import { readVolumes } from './describe-volumes.ts';
import { describedEvent, type EventRow } from './rows.ts';

export interface Described {
  /** Keys above the containers, each with its lines; `template` holds those of the pod template. */
  head: Map<string, string[]>;
  template: Map<string, string[]>;
  containers: ContainerBlock[];
  volumes: JsonObject[];
  /** Rows of the conditions table, as words. */
  conditions: string[];
  tail: Map<string, string[]>;
  events: EventRow[];
  /** Sections that were seen: "head", "Containers", "Conditions", "Volumes", "Events", … */
  seen: Set<string>;
  /** The section with which the paste ends, possibly in its middle. */
  last: string;
}

const CONDITION = /^\s*(?:[A-Z]|[a-z0-9][a-z0-9.-]{0,252}\/)[\w./-]*\s+(?:True|False|Unknown)\b/;

const MOST_CONTAINERS = 200;

interface Section {
  key: string;
  value: string;
  lines: string[];
}

export function readDescribe(lines: string[]): Described {
  const out: Described = {
    head: new Map(),
    template: new Map(),
    containers: [],
    volumes: [],
    conditions: [],
    tail: new Map(),
    events: [],
    seen: new Set(),
    last: '',
  };
  const base = indentOf(lines.find((line) => line.trim() !== '') ?? '');
  let inTemplate = false;
  let list: ContainerBlock['list'] = 'containers';
  for (const section of sectionsOf(lines, base)) {
    out.seen.add(section.key);
    out.last = section.key;
    if (section.key === 'Pod Template') inTemplate = true;
    switch (section.key) {
      case 'head':
      case 'Pod Template':
        readHead(inTemplate ? out.template : out.head, section.lines);
        break;
      case 'Init Containers':
      case 'Containers':
      case 'Ephemeral Containers':
        list =
          section.key === 'Containers'
            ? 'containers'
            : section.key === 'Init Containers'
              ? 'initContainers'
              : 'ephemeralContainers';
        for (const block of containersOf(list, section.lines))
          if (out.containers.length < MOST_CONTAINERS) out.containers.push(block);
        break;
      case 'Conditions':
        for (const line of section.lines) if (CONDITION.test(line)) out.conditions.push(line.trim());
        break;
      case 'Volumes':
        for (const volume of readVolumes(section.lines)) out.volumes.push(volume);
        break;
      case 'Events':
        readEvents(out.events, section.lines);
        break;
      default:
        out.tail.set(section.key, [section.value, ...section.lines]);
    }
  }
  // A piece cut out of the middle may begin with rows of the events table.
  if (out.seen.size === 1 && out.seen.has('head') && out.head.size === 0) readEvents(out.events, lines);
  return out;
}

function sectionsOf(lines: string[], base: number): Section[] {
  const above = lines.some((line) => /^\s*Containers:\s*$/.test(line)) ? 'Init Containers' : 'Containers';
  const sections: Section[] = [{ key: startsInContainer(lines) ? above : 'head', value: '', lines: [] }];
  // Depth of container keys; sections stand left of it, unless all depth was lost.
  let keyDepth = Number.POSITIVE_INFINITY;
  for (const line of lines) {
    const current = sections.at(-1)!;
    const pair = current.key === 'Events' ? undefined : keyValue(line);
    const depth = indentOf(line);
    if (pair && /^(?:Image|Container ID|Host Ports?)$/.test(pair.key)) keyDepth = depth;
    if (
      pair &&
      SECTION_KEYS.has(pair.key) &&
      (depth < keyDepth || depth <= base) &&
      !(current.key === 'head' && pair.key === 'Priority Class Name')
    ) {
      sections.push({ key: pair.key, value: pair.value, lines: [] });
    } else current.lines.push(line);
  }
  return sections.filter((s, i) => i > 0 || s.lines.some((line) => line.trim() !== ''));
}

/** A paste that begins inside a container's block, its heading cut off. */
function startsInContainer(lines: string[]): boolean {
  const keys = lines.slice(0, 6).map((line) => keyValue(line)?.key ?? '');
  if (keys.some((key) => /^(?:Name|Namespace|Priority|Node|Labels)$/.test(key))) return false;
  return (
    CONTAINER_KEYS.has(keys[0]!) ||
    (/^\s*[a-z0-9][a-z0-9.-]*:\s*$/.test(lines[0] ?? '') && CONTAINER_KEYS.has(keys[1]!)) ||
    /^(?:Reason|Exit Code|Started|Finished)$/.test(keys[0]!)
  );
}

function readHead(head: Map<string, string[]>, lines: string[]): void {
  const depth = lines.reduce((least, line) => (line.trim() === '' ? least : Math.min(least, indentOf(line))), 200);
  let current: string[] | undefined;
  for (const line of lines) {
    const pair = indentOf(line) <= depth ? headKey(line) : undefined;
    if (pair) {
      current = [pair.value];
      head.set(pair.key, current);
    } else if (line.trim() !== '') current?.push(line.trim());
  }
}

/** Keys of kubectl begin with a capital and hold no dot or slash; labels and annotations do not. */
function headKey(line: string): { key: string; value: string } | undefined {
  const pair = keyValue(line);
  return pair && /^[A-Z][A-Za-z0-9 -]*$/.test(pair.key) ? pair : undefined;
}

function containersOf(list: ContainerBlock['list'], lines: string[]): ContainerBlock[] {
  const blocks: ContainerBlock[] = [];
  let name = '';
  let from = 0;
  for (let i = 0; i <= lines.length; i++) {
    const next = i < lines.length ? containerName(lines, i) : '';
    if (next === undefined) continue;
    const body = lines.slice(from, i);
    if (name !== '' || body.some((line) => CONTAINER_KEYS.has(keyValue(line)?.key ?? '')))
      blocks.push(readContainer(list, name, headless(name, body)));
    name = next;
    from = i + 1;
  }
  return blocks;
}

function containerName(lines: string[], at: number): string | undefined {
  const name = /^\s*([a-z0-9][a-z0-9.-]{0,252}):\s*$/.exec(lines[at]!)?.[1];
  if (name === undefined) return undefined;
  const next = keyValue(lines[at + 1] ?? '')?.key ?? '';
  // The paste may end right below the name.
  return next === 'Container ID' || next === 'Image' || at + 1 === lines.length ? name : undefined;
}

/** A block cut in the middle of a state says no longer whose it is: before `Ready` it was the last one. */
function headless(name: string, body: string[]): string[] {
  if (name !== '' || !/^(?:Reason|Exit Code|Started|Finished|Message)$/.test(keyValue(body[0] ?? '')?.key ?? ''))
    return body;
  const next = body.findIndex((line) => /^\s*(?:State|Last State):/.test(line));
  const terminated = body.slice(0, next < 0 ? 6 : Math.min(6, next)).some((line) => /^\s*Exit Code:/.test(line));
  const depth = ' '.repeat(Math.max(0, indentOf(body[0]!) - 2));
  return [
    `${depth}${next >= 0 ? 'State' : terminated ? 'Last State' : 'State'}: ${terminated ? 'Terminated' : 'Waiting'}`,
    ...body,
  ];
}

/** Rows, and what a chat client broke off from their ends. */
export function readEvents(events: EventRow[], lines: string[]): void {
  for (const line of lines) {
    const row = describedEvent(line);
    if (row) events.push(row);
    else if (events.length && line.trim() !== '' && !/^\s*(?:Type\s+Reason|-{3,}|FirstSeen)/.test(line))
      events.at(-1)!.message += ` ${line.trim()}`;
  }
}
