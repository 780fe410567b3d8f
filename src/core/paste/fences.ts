// Fences that people put around what was printed: what stands outside of them, or in one that holds code, was said by the
// person. It is read too, but what was printed has the last word.

import type { Part } from './parts.ts';

export const FENCE = /^\s*(?:`{3,8}|~{3,8})\s{0,40}(?:[\w+-]{1,20}\s*)?$/;
const CODE =
  /(?:```|~~~)\s*(?:python|py|go(?:lang)?|java|kotlin|js|javascript|ts|typescript|ruby|rb|php|csharp|cs|rust|rs|docker(?:file)?|sql|diff|hcl|terraform|xml|html)\s*$/i;

const LEAD = /^\s*```(?=\S)/;
const TRAIL = /(?<=\S)```\s*$/;

/** Fences that stand before their first line or behind their last, each on a line of its own. */
export function fenced(pasted: string[], restsOfPasted: readonly number[]): { lines: string[]; rests: number[] } {
  const lines: string[] = [];
  const rests: number[] = [];
  const add = (line: string, rest = 0): void => {
    lines.push(line);
    rests.push(rest);
  };
  for (const [i, line] of withBacktickFences(pasted).entries()) {
    const isFence = FENCE.test(line);
    const said = isFence ? line : line.replace(LEAD, '').replace(TRAIL, '');
    if (!isFence && LEAD.test(line)) add('```');
    add(said, restsOfPasted[i]);
    if (!isFence && TRAIL.test(line)) add('```');
  }
  return { lines, rests };
}

const BACKTICK = /^\s{0,8}`(?!`)/;
const REACH = 400;

/** One backtick before the first line and one behind the last: many mean a fence by it. */
function withBacktickFences(lines: string[]): string[] {
  const out = [...lines];
  for (let i = 0; i < out.length; i++) {
    if (!BACKTICK.test(out[i]!) || out[i]!.indexOf('`') !== out[i]!.lastIndexOf('`')) continue;
    const rest = out.slice(i + 1, i + REACH).findIndex((line) => line.includes('`'));
    const end = i + 1 + rest;
    if (rest < 0 || !/^[^`]{0,4000}`\s*$/.test(out[end]!)) continue;
    out[i] = out[i]!.replace('`', '```');
    out[end] = out[end]!.replace('`', '```');
    i = end;
  }
  return out;
}

/** How programs, and hardly any person or source, begin a line. */
const PRINTED =
  /^\s*(?:\[(?:\d|[A-Z]{4,5}\]|error|emerg)|\{"|\d{4}[-/]\d\d[-/]\d\d|\d\d:\d\d:\d\d|[A-Z][a-z]{2} \d\d? \d|[IWEF]\d{4} |time=|ts=|level=|Traceback|panic: |goroutine \d|(?:FATAL|ERROR|WARN(?:ING)?|INFO|DEBUG)\b)/;

/** `inFence` holds the opening line of the fence in which a part began. */
export function withAsides(parts: Part[], inFence: ReadonlyMap<Part, string>): Part[] {
  const logs = parts.filter((part) => part.sort === 'log' && part.command?.verb !== 'logs');
  const isAside = (part: Part) => {
    const fence = inFence.get(part);
    return (fence === undefined || CODE.test(fence)) && !part.lines.some((line) => PRINTED.test(line));
  };
  if (logs.some((part) => inFence.has(part))) for (const part of logs) if (isAside(part)) part.aside = true;
  return parts;
}
