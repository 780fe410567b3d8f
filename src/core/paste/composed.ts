// Output of docker compose: every line begins with the service it is of, and compose says itself which of them ended.

import type { Draft } from './draft.ts';
import { allUnread } from './pods.ts';
import type { Carried } from './tailed.ts';

const LINE = /^(?<service>[a-z0-9][\w.-]{0,62}?)(?:[-_]\d{1,3})? {1,40}\|(?: (?<said>.*))?$/;
const ENDED =
  /^(?<service>[a-z0-9][\w.-]{0,62}?)(?:[-_]\d{1,3})? exited with code (?<code>\d{1,3})(?: \(restarting\))?\s*$/;

export interface Composed {
  carried: Carried[];
  /** Exit codes by service. */
  ended: Map<string, number>;
}

/** Undefined where fewer than two services speak: of one alone the text is its log as it is. */
export function composed(lines: string[]): Composed | undefined {
  const found: Composed = { carried: [], ended: new Map() };
  for (const line of lines) {
    if (line.trim() === '') continue;
    const said = LINE.exec(line)?.groups;
    const ended = said ? undefined : ENDED.exec(line)?.groups;
    if (said) found.carried.push({ pod: '', container: said.service ?? '', namespace: '', said: said.said ?? '' });
    else if (ended) found.ended.set(ended.service ?? '', Number(ended.code));
    else return undefined;
  }
  return new Set(found.carried.map((line) => line.container)).size > 1 ? found : undefined;
}

/** The services as containers, and how those ended of which compose says so. */
export function addServices(draft: Draft, { carried, ended }: Composed): void {
  const names = new Set([...carried.map((line) => line.container), ...ended.keys()]);
  const containerStatuses = [...ended].map(([name, exitCode]) => ({
    name,
    state: { terminated: { exitCode, reason: exitCode === 0 ? 'Completed' : 'Error' } },
  }));
  draft.glimpses.push({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: '' },
    spec: { containers: [...names].map((name) => ({ name })) },
    status: ended.size > 0 ? { containerStatuses } : {},
  });
  allUnread('', draft.unread);
}
