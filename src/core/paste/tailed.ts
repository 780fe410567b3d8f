// What tools that follow several logs at once put before each line: pod and container. Taken only where every line has it,
// so that what a program printed itself stays as it was.

/** One line of a log, with what its carrier says of where it came from; "" where it does not say. */
export interface Carried {
  pod: string;
  container: string;
  namespace: string;
  said: string;
}

/** A pod's name as controllers make it, which hardly any program prints at the start of each line. */
const POD = String.raw`(?<pod>[a-z0-9][a-z0-9.-]{0,200}-(?:[a-z0-9]{6,10}-[a-z0-9]{5}|[bcdfghjklmnpqrstvwxz2456789]{5}|\d{1,3}))`;
const NAME = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';

/** kubectl logs --prefix, kail: nothing else looks like them. */
const PLAIN = [
  /^\[pod\/(?<pod>[a-z0-9.-]{1,253})\/(?<container>[a-z0-9.-]{1,63})\](?: (?<said>.*))?$/,
  new RegExp(
    String.raw`^(?<namespace>${NAME})/(?<pod>[a-z0-9][a-z0-9.-]{0,252})\[(?<container>${NAME})\]:(?: (?<said>.*))?$`,
  ),
];

const PREFIXES = [
  // kubetail
  new RegExp(String.raw`^\[${POD} (?<container>${NAME})\](?: (?<said>.*))?$`),
  // stern, with the namespace in front when it follows all of them
  new RegExp(`^(?:(?<namespace>${NAME}) )?${POD} (?<container>${NAME})(?: (?<said>.*))?$`),
  // logcli: the time, the stream's labels
  /^\d{4}-\d\d-\d\dT[\d:.]{8,18}(?:Z|[+-]\d\d:\d\d) \{(?<labels>[^{}]{1,2000})\} (?<said>.*)$/,
];

/** One such line alone is enough: the name of no other thing ends so. */
const IN_REPLICA_SET = /^\S{1,200}-[a-z0-9]{8,10}-[bcdfghjklmnpqrstvwxz2456789]{5} /;

/** Said by the tool itself: which logs it has begun or ended to follow. */
const CHATTER = /^(?:[+-] \S{1,253} › \S{1,63}|[+-] \S{1,63} \S{1,253} › \S{1,63}|Will tail \d+ logs?\.\.\.)$/;

/** What was carried, and the lines that nothing carried. */
export interface Tailed {
  carried: Carried[];
  rest: string[];
}

/** Undefined when no tool's prefix stands before every line, or, of those that nothing else looks like, before any. */
export function tailed(lines: string[]): Tailed | undefined {
  const plain = PLAIN.find((one) => lines.some((line) => one.test(line)));
  if (plain) return readWith(plain, lines);
  const announced = lines.some((line) => CHATTER.test(line));
  // kubetail lists its logs before it prints them.
  const said = lines.filter((line) => !(announced && (CHATTER.test(line) || /^\S{1,253} \S{1,63}$/.test(line))));
  const first = said.find((line) => line.trim() !== '') ?? '';
  const prefix = PREFIXES.find((one) => one.test(first));
  const read = prefix && readWith(prefix, said);
  const isEnough = read && read.rest.length === 0 && (read.carried.length > 1 || IN_REPLICA_SET.test(first));
  if (isEnough) return read;
  return ofOneName(lines);
}

/** k9s puts the container's name before each line: taken where a hyphen and the words behind it leave no doubt. */
const NAMED = /^(?<container>[a-z][a-z0-9]{0,29}-[a-z0-9-]{1,32})(?: (?<said>.*))?$/;
const BEGUN =
  /^(?:\d{4}[-/]\d\d|\[?\d\d:\d\d|time=|ts=|level=|\{"|[IWEF]\d{4} |panic: |goroutine \d|Traceback|(?:FATAL|ERROR|WARN|INFO)\b)/;
const NAMED_RUN = 4;

function ofOneName(lines: string[]): Tailed | undefined {
  const said = lines.filter((line) => !/^[\s.…]*$/.test(line));
  const name = NAMED.exec(said[0] ?? '')?.groups?.container;
  if (name === undefined || said.length < NAMED_RUN) return undefined;
  const read = readWith(NAMED, said);
  const same = read.rest.length === 0 && read.carried.every((line) => line.container === name);
  return same && read.carried.some((line) => BEGUN.test(line.said)) ? read : undefined;
}

function readWith(prefix: RegExp, lines: string[]): Tailed {
  const read: Tailed = { carried: [], rest: [] };
  for (const line of lines) {
    const groups = line.length < 100_000 ? prefix.exec(line)?.groups : undefined;
    if (groups) read.carried.push(carriedFrom(groups));
    else if (line.trim() !== '') read.rest.push(line);
  }
  return read;
}

function carriedFrom(groups: { [name: string]: string | undefined }): Carried {
  const { pod, container, namespace, labels = '', said = '' } = groups;
  const label = (name: string) => new RegExp(`(?:^|[ ,])${name}="([^"]{1,253})"`).exec(labels)?.[1];
  return {
    pod: pod ?? label('pod') ?? '',
    container: container ?? label('container') ?? '',
    namespace: namespace ?? label('namespace') ?? '',
    said,
  };
}
