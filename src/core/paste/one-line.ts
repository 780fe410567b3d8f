// A describe that came as one line: pages and forms take line ends away. Its keys begin lines again.

const KEYS =
  'Container ID|Image ID|Image|Host Port|Port|State|Last State|Reason|Message|Exit Code|Started|Finished|Ready|Restart Count|Limits|Requests|Liveness|Readiness|Startup|Environment|Mounts';
const KEY = new RegExp(String.raw`(?<=\s)(?=(?:${KEYS}):\s)(?<!(?:Last|Container|Image|Host|Exit|Restart)\s)`);
const FIRST = new RegExp(String.raw`^\s*(?:${KEYS}):\s`);
const LONGEST = 10_000;
const FEWEST = 4;

export function withLineEnds(line: string): string[] {
  if (line.length > LONGEST || !FIRST.test(line) || !/\b(?:Exit Code|Restart Count): /.test(line)) return [line];
  const parts = line.split(KEY).map((part) => part.trim());
  return parts.length >= FEWEST ? parts : [line];
}
