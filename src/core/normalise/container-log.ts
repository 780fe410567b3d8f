// The log of one run of a container. What the runtime answers in place of a log is no log.

import { absent, type Fact, seen, unread } from '../fact.ts';
import { type Log, parseLog } from '../log.ts';
import type { Look } from './look.ts';

// The log API answers 200 with this text when the container is gone: no log, not a log that says so.
const NO_LOG =
  /^(?:unable to retrieve container logs for |failed to try resolving symlinks in path|Error from server \((?:BadRequest|NotFound|InternalError|Forbidden)\): (?:previous terminated container|container |Get |pods? [^\n]{0,120}(?:not found|pods\/log)))/;

export function logOf(look: Look, pod: string, container: string, run: 'previous' | 'current'): Fact<Log> {
  const at = `log.${run}`;
  const found = look.snapshot.logs.find((l) => l.pod === pod && l.container === container && l.run === run);
  if (!found) {
    const why = look.whyUnread(`log.${run}/${pod}/${container}`) ?? look.whyUnread(`log/${pod}/${container}`);
    return why === undefined ? absent('log', at) : unread('log', at, why);
  }
  if (NO_LOG.test(found.text) && found.text.length < 400) return unread('log', at, 'the runtime no longer has it');
  return seen(parseLog(found.text, found.skippedBytes), 'log', at);
}
