// Fences that people put around what was printed: what stands outside of them, or in one that holds code, was said by the
// person. It is read too, but what was printed has the last word.

import type { Part } from './parts.ts';

export const FENCE = /^\s*(?:```|~~~)\s{0,40}(?:[\w+-]{1,20}\s*)?$/;
const CODE =
  /(?:```|~~~)\s*(?:python|py|go(?:lang)?|java|kotlin|js|javascript|ts|typescript|ruby|rb|php|csharp|cs|rust|rs|docker(?:file)?|sql|diff|hcl|terraform|xml|html)\s*$/i;

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
