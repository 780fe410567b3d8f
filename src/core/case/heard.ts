// Which lines of a run can speak of why it ended. Pages of usage explain, checks that passed please, and what a program
// says after it was told to stop comes of that: none of it is read as trouble.

import { isHarmless } from '../log/harmless.ts';
import type { LogLine } from '../log.ts';
import type { Ending } from './ending.ts';

/** The lines that count, in order. */
export function heard(lines: LogLine[], ending: Ending): LogLine[] {
  const page = pageOfUsage(lines);
  const speaking = lines.filter(
    (line) => !page.has(line.n) && !passed(line) && !(line.notable && isHarmless(line.raw)),
  );
  const end = stopBegins(speaking, ending);
  return end < 0 ? speaking : speaking.slice(0, end + 1);
}

const USAGE =
  /^\s{0,4}(?:usage(?: of \S{1,100})?:|(?:[\w ]{1,24} )?(?:options|flags|arguments|commands|parameters):?\s*$)/i;
const OPTION = /^\s{1,12}-{1,2}[A-Za-z]/;

/** Options with their descriptions, below the head of a page. */
function pageOfUsage(lines: LogLine[]): Set<number> {
  const page = new Set<number>();
  let open = false;
  let option = false;
  for (const line of lines) {
    if (USAGE.test(line.raw)) {
      open = true;
      option = false;
    } else if (open && line.raw.trim() !== '') {
      open = /^\s/.test(line.raw);
      option = open && (option || OPTION.test(line.raw));
      if (option) page.add(line.n);
    }
  }
  return page;
}

const PASSED =
  /(?:\.{2,40}|=>|->|[:✓✔]) ?\[? ?(?:ok|OK|Ok|passed|PASSED|PASS)(?: ?\]|[.)])?\s*$|^\s{0,8}(?:✓|✔|\[ {0,2}OK {0,2}\]|PASS(?:ED)?\b)/;

/** A check that names what it expects, and gets it. */
function passed(line: LogLine): boolean {
  return line.level !== 'error' && line.level !== 'fatal' && PASSED.test(line.raw.slice(-200));
}

/** How many lines before its end a program may begin to stop. */
const REACH = 80;
const TOLD =
  /(?:receiv\w{1,3}|got|caught|handling) .{0,30}?(?:SIG(?:TERM|INT|QUIT)\b|\bsignal:? \(?["']?(?:15|2|term|int|quit|terminated|interrupt)\b|(?:terminat|shutdown|stop)\w{0,6} signal)|(?:SIG(?:TERM|INT|QUIT)|terminat\w{0,4} signal|signal (?:15|terminated)).{0,20} (?:received|caught)/i;
const NOT_YET = /\b(?:when|after|if|until|once|waits?|waiting|before|on)\b/i;
const STOPS =
  /ShutdownHook|\bshutting down\b|\bshutdown (?:initiated|requested|signal)|\bgraceful(?:ly)? (?:shutdown|stop)/i;

/** Kills that the status or an event tells; a program that stops for another reason says it first. */
const KILLED: readonly Ending[] = ['probe-killed', 'hook-killed', 'evicted', 'signalled'];
const MAY_BE_TOLD: readonly Ending[] = [...KILLED, 'completed', 'by-itself', 'unknown'];

/** Index of the line with which a program that is told to stop begins to; -1 when it says nothing of it. */
function stopBegins(lines: LogLine[], ending: Ending): number {
  if (!MAY_BE_TOLD.includes(ending)) return -1;
  const from = Math.max(0, lines.length - REACH);
  const tail = lines.slice(from);
  const told = tail.findIndex((l) => isTold(l.text));
  const at = told < 0 && KILLED.includes(ending) ? tail.findIndex((l) => STOPS.test(l.raw)) : told;
  return at < 0 ? -1 : from + at;
}

function isTold(text: string): boolean {
  const match = TOLD.exec(text);
  return match !== null && !NOT_YET.test(text.slice(0, match.index));
}
