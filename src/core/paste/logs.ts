// Log text in a paste: whose it is, which run's, and its lines without what kubectl put before each of them.

import type { JsonObject } from '../json.ts';
import { ofRuntime } from '../transport.ts';
import { dedented } from './clean.ts';
import { type Command, isPodKind } from './command.ts';
import { addServices, composed } from './composed.ts';
import type { Draft, LogDraft } from './draft.ts';
import { exported } from './exported.ts';
import { isTorn } from './frames.ts';
import { shipped } from './shipped.ts';
import { type Carried, tailed } from './tailed.ts';

const DEFAULTED = /^(?:Defaulted|Defaulting) container (?:name to )?"?([a-z0-9][a-z0-9-]*)"?(?: out of: .*|\.|$)/;
const HINT = /^Use 'kubectl describe pod\/([a-z0-9.-]+) -n ([a-z0-9-]+)' to see all of the containers/;
const NO_PREVIOUS =
  /^Error from server \((?:BadRequest|NotFound)\): previous terminated container "([^"]+)" in pod "([^"]+)" not found/;
const WAITING =
  /^Error from server \(BadRequest\): container "([^"]+)" in pod "([^"]+)" is (?:waiting to start: (.+)|not available)/;
const NOT_A_LOG =
  /^(?:Error: (?:UPGRADE|INSTALLATION) FAILED: (?!.*(?:job \S+ failed|failed calling webhook|denied the request))|\s+\* timed out waiting for the condition|Error from server(?!.*(?:system:serviceaccount:|denied the request|failed calling webhook|exceeded quota|failed quota|violates PodSecurity|usage per (?:Container|Pod)|looking up service account))|error: (?:You must be logged in|[Tt]he server|timed out waiting|no (?:matching )?resources?|unable to (?:upgrade|forward|recognize|decode|read)|cannot exec|a container name must|expected |resource name may|unknown (?:command|flag|shorthand)|lost connection|stat |the path |pod |deployments|at least)|No resources found|The connection to the server|Unable to connect to the server)/;
/** kubectl logs --timestamps prints nine digits. */
const STAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}(?:Z|[+-]\d\d:\d\d) ?/;
// A person's own words around what was pasted.
const TALK =
  /^(?:hi|hello|hey|pls|thanks|thx|any ideas?|here (?:is|are) (?:the|my|our)|here's (?:the|my|our)|my pod|our pod|can (?:any|some)one|does anyone|cc @\w+)\b(?!\(|:).*[a-z?!.:]$/i;

/** Nobody but a person says so, whatever ends the line. */
const PERSON =
  /^(?:I(?:'ve|'m| )|We(?:'ve|'re| )|My |Our |Hi\b|Hello\b|Thanks\b|Thank you\b|Any (?:idea|help|suggestion)|Anyone |(?:Does|Can|Could|Has) any(?:one|body) |Please help|What (?:am I|is wrong|could|can I)|Why (?:is|does) (?:my|it|this)|How (?:can|do) I )[^{}=[\]<>]{0,300}$/;

/** stern, of a container that has no log yet. */
const NO_STREAM =
  /^(?:Error opening stream to \S{1,300}: \S{1,63}$|: container "[^"]{1,63}" in pod "[^"]{1,253}" is waiting to start)/;

/** What leads from one piece of a paste to the next. */
const BETWEEN =
  /^(?:(?:and|then|but|so|now|also|here|this|these|it|the|after|before|since|when|yesterday|today|first|finally|in|my|our)\b[^{}=<>;]{0,200}\b(?:I|my|our|we|us)\b[^{}=<>;]{0,200}|(?:and )?(?:then )?(?:it|describe|the (?:log|pod|event)s?|kubectl \w{3,8}) (?:then )?(?:says|shows|prints|gives)(?: \w{1,20}){0,4}|(?:here|this|these|below|above) (?:is|are)\b[^{}=<>;]{0,100}|(?:it|that|this) (?:works|worked|crash loops|keeps (?:crashing|restarting)|is crash looping)\b[^{}=<>;]{0,100})[.:!?…]{0,3}$/i;

const MOST_USAGE = 4;

export interface LogHints {
  command?: Command | undefined;
  /** From a file's name. */
  pod?: string;
  container?: string;
  run?: 'previous' | 'current';
  /** The command printed nothing at all. */
  silent?: boolean;
  /** A person's words or code beside what was printed. */
  aside?: boolean;
  /** The text is nothing but log; no line of it is taken for talk. */
  whole?: boolean;
}

export function readLog(draft: Draft, lines: string[], hints: LogHints): void {
  const { command } = hints;
  const asked = command?.verb === 'logs';
  let pod =
    hints.pod ??
    (command && (asked ? command.kind === '' || isPodKind(command.kind) : isPodKind(command.kind)) ? command.name : '');
  let container = hints.container ?? (asked ? command.container : '');
  let namespace = command?.namespace ?? '';
  const run = hints.run ?? (asked && command.previous ? 'previous' : 'current');
  const found = hints.whole ? lines : withoutRemark(dedented(lines));
  const from = tailed(found) ?? (asked ? undefined : (shipped(found) ?? exported(found)));
  if (from) addCarried(draft, from.carried, { pod, container, namespace, run });
  // kubectl's usage, printed in place of a log.
  if (!hints.whole && found.length <= MOST_USAGE && /^error: /.test(found[0] ?? '') && NOT_A_LOG.test(found[0]!))
    return;
  const services =
    asked || hints.whole || pod || container ? undefined : composed(found.filter((line) => !isPersons(line.trim())));
  if (services) {
    addServices(draft, services);
    addCarried(draft, services.carried, { pod, container, namespace, run });
    return;
  }
  const own: string[] = [];
  for (const line of from?.rest ?? found) {
    const defaulted = DEFAULTED.exec(line);
    const hint = HINT.exec(line);
    if (defaulted) container = defaulted[1]!;
    else if (hint) [, pod = pod, namespace = namespace] = hint;
    else if (
      !noLogSaid(draft, line, namespace) &&
      !NO_STREAM.test(line) &&
      !(!hints.whole && NOT_A_LOG.test(line) && lines.length < 4) &&
      !(!asked && !hints.whole && (isPersons(line.trim()) || (lines.length < 6 && TALK.test(line.trim()))))
    )
      own.push(line);
  }
  if (hints.silent || (hints.whole && !from && own.length) || own.some((line) => line.trim() !== ''))
    draft.logs.push({
      pod,
      container,
      namespace,
      run,
      lines: own,
      ...(hints.whole ? { whole: true } : {}),
      ...(asked ? { asked } : {}),
      ...(hints.aside ? { aside: true } : {}),
      ...(!asked && !hints.whole && isTorn(own) ? { torn: true } : {}),
    });
}

/** One log for each container that the carriers name. */
function addCarried(draft: Draft, carried: Carried[], known: Omit<LogDraft, 'lines'>): void {
  const logs = new Map<string, LogDraft>();
  for (const { said, ...of } of carried) {
    const pod = of.pod || known.pod;
    const container = of.container || known.container;
    const log = logs.get(`${pod}/${container}`) ?? {
      pod,
      container,
      namespace: of.namespace || known.namespace,
      run: known.run,
      lines: [],
    };
    log.lines.push(said);
    logs.set(`${pod}/${container}`, log);
  }
  for (const log of logs.values()) draft.logs.push(log);
}

/** What the person says below. */
function withoutRemark(lines: string[]): string[] {
  let end = lines.length;
  while (end > 0 && (lines[end - 1]!.trim() === '' || PERSON.test(lines[end - 1]!.trim()))) end--;
  return lines.slice(end).some((line) => line.trim() !== '') ? lines.slice(0, end) : lines;
}

function isPersons(line: string): boolean {
  return (
    PERSON.test(line) || (line.length < 400 && BETWEEN.test(line) && !/(?:error|exception|panic|fatal)\b/i.test(line))
  );
}

/** kubectl's answers in place of a log: they tell of the container. */
function noLogSaid(draft: Draft, line: string, namespace: string): boolean {
  if (!line.startsWith('Error from server')) return false;
  const none = NO_PREVIOUS.exec(line);
  if (none) {
    draft.noPrevious.add(`${none[2]}/${none[1]}`);
    addGlimpse(draft, { name: none[2]!, namespace }, none[1]!);
    return true;
  }
  const waiting = WAITING.exec(line);
  if (!waiting) return false;
  const [, container = '', pod = '', reason] = waiting;
  addGlimpse(
    draft,
    { name: pod, namespace },
    container,
    reason && /^[A-Z]\w+$/.test(reason) ? { state: { waiting: { reason } } } : {},
  );
  return true;
}

function addGlimpse(
  draft: Draft,
  { name, namespace }: { name: string; namespace: string },
  container: string,
  status: JsonObject = {},
): void {
  draft.glimpses.push({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: namespace ? { name, namespace } : { name },
    spec: { containers: [{ name: container }] },
    status: { containerStatuses: [{ name: container, ...status }] },
  });
}

// The program's own time at the start of a line.
const OWN_STAMP = /^\W?(?:\d{4}[-/]\d\d|\d\d:\d\d|[A-Z][a-z]{2} [ \d]\d |[IWEF]\d{4} |(?:ts|time)=|\{"(?:ts|time))/;

/** The text of a log. kubectl's own time stamps go where they stand before the program's own, which rules read. */
export function logText(found: string[], whole: boolean): string {
  const lines = ofRuntime(found);
  const stamped = lines.filter((line) => STAMP.test(line));
  const said = lines.filter((line) => line.trim() !== '').length;
  const twice = stamped.filter((line) => OWN_STAMP.test(line.replace(STAMP, ''))).length;
  const plain =
    stamped.length * 10 >= said * 9 && twice * 2 > stamped.length
      ? lines.map((line) => line.replace(STAMP, ''))
      : lines;
  if (whole) return plain.join('\n');
  while (plain.length && plain.at(-1)!.trim() === '') plain.pop();
  return plain.length ? `${plain.join('\n')}\n` : '';
}
