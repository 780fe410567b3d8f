// What people write over pasted logs: "Previous log:", "### Logs of api:", the names of containers alone.

import type { Command } from './command.ts';

/** "### api": over the logs of several containers their names alone. */
export const NAMES_ALONE =
  /^\s{0,12}(?:#{1,6} \*{0,2}|\*\*)(?<container>[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)\*{0,2}:?\*{0,2}\s*$/;

/** Of one such line nothing follows. */
export function namesIn(lines: string[]): Set<string> {
  const names = lines.flatMap((line) => NAMES_ALONE.exec(line.slice(0, 100))?.groups?.container ?? []);
  return new Set(names.length > 1 ? names : []);
}

const HEADING =
  /^\s*(?:[#*=>-]{1,6}\s?)?\*{0,2}(?:and |so |then )?(?:here(?:'s| is| are) |this is |these are )?(?:the |my |its )?(?<which>previous|prev|last|current|crashed)?\s?(?:pod|container|app(?:lication)?|kubectl)?\s?logs?(?: (?:of|from|for) (?:the )?(?:container )?(?<container>[\w.-]+))?(?: \((?<note>[\w -]+)\))?\*{0,2}\s?(?:[:=#-]{1,6}\*{0,2})\s*$/i;

/** "Previous log:", "### Logs of api:": a person's heading over what follows. */
export function headingOf(line: string): Partial<Command> | undefined {
  if (line.length > 100) return undefined;
  const groups = HEADING.exec(line)?.groups;
  if (!groups) return undefined;
  const previous = /prev|last|crashed/i.test(groups.which ?? groups.note ?? '');
  return {
    verb: 'logs',
    previous,
    ...(groups.container && !/^(?:pod|container)$/.test(groups.container) ? { container: groups.container } : {}),
  };
}
