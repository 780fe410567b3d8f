// Finds what a program said as it ended. The last words weigh more than anything earlier: a harmless
// refused telemetry connection ten minutes before is not the cause.

import type { LogLine } from './log.ts';

/** How many lines from the end can belong to the last words at most; a deep Java trace fits. */
const REACH = 160;

// Lines that programs print after the fatal error: they neither name a cause nor end the last words.
const AFTERMATH =
  /shutting down|shut ?down|stopping|stopped|terminat|exiting|exit(?:ed)? (?:with|code|status)|process exited|closing|closed|flush(?:ing|ed)|cleanup|good ?bye|bye|^Node\.js v\d|received (?:sig|signal)|sigterm|disposing|draining|reaping|\bgave up: |entered \w+ state|exit status \d+; (?:not )?expected|will (?:now )?restart|giving up|npm (?:ERR|error|notice)|error Command failed|info Visit|see .{0,200}log|run with .{0,60}RUST_BACKTRACE|A complete log of this run|more information|For more|exit status|database system is shut down|server stopped|at=exit|goodbye|ELIFECYCLE|^command finished with error|run failed: command|^\s{0,4}(?:Tasks|Failed|Cached|Time): {1,6}\S|^Execution halted|^Sentry is attempting to send|^Waiting up to \d+ seconds|Press (?:Ctrl|CTRL)[-+]C|^(?:If (?:this is|you) |You (?:can|should|may) |Please (?:check|see|make sure|refer|read|visit) |Make sure |Did you )/i;

const CONTINUATION =
  /^(?:\s|at |Caused by|\.\.\. \d+ more|File "|Traceback|During handling|The above exception|goroutine \d|created by |\[signal |main\.|runtime\.|\t|[\^~-]+\s*$|Suppressed:|from |stack backtrace|\d+: |Action:|Description:|Reason:|Hint:|note:|\*{5,}|(?:P|or p)erhaps |Available drivers: |#\d+ |#(?: |$)|---|https?:\/\/\S+$|Learn more:|[-=]> |(?:Either|Try|Please|Check|Did you|You (?:can|may|must|need|should)|To (?:fix|resolve|solve|avoid)) |App: |Architecture: |Framework: |\.NET location: |The following frameworks were found|\}|\)|\]|$)/;

/**
 * The lines of the process's final statement, in order: the unbroken block of notable or continuation lines
 * that the log ends with, looking past the shutdown chatter that follows it.
 */
export function lastWords(log: LogLine[]): LogLine[] {
  const lines = withoutAgents(log);
  const floor = Math.max(0, lines.length - REACH);
  let end = lines.length - 1;
  while (end >= floor && isAftermath(lines[end]!)) end--;
  if (end < floor) end = lines.length - 1;
  let start = end;
  let calm = 0;
  for (let i = end; i >= floor; i--) {
    const line = lines[i]!;
    if (isReady(line)) break;
    if (isTrouble(line) || CONTINUATION.test(line.raw)) {
      calm = 0;
      start = i;
    } else if (!isAftermath(line) && ++calm > 2) {
      start = messageAround(lines, i, floor) ?? start;
      break;
    }
  }
  return lines.slice(Math.min(start, Math.max(0, end)), lines.length).filter((l) => l.raw.trim() !== '');
}

const READY =
  /\b(?:started|ready|serving|listening|HTTP Server Listen|accepting connections|startup complete|resuming normal operations|succeeded|up and running|LEADING|FOLLOWING)\b/i;
// Where nothing marks a line as a message of its own, it has to be one that says only that.
const READY_ALONE =
  /^\W{0,4}(?:\w+ ){0,3}(?:is )?(?:listening|ready|serving|started)(?: (?:on|at|in|to) \S{1,60}.{0,40})?\W{0,3}$/i;
const NOT_READY =
  /\bnot\b|n't\b|fail|error|refus|cannot|unable|invalid|before|until|wait|already|timed? ?out|denied|missing|required|fatal|exception|panic|warn|script|transaction|thread|signal|abort|exit|with pid|entrypoint/i;

/** It says that it works: trouble before that did not end it. */
function isReady(line: LogLine): boolean {
  const says = line.level === 'info' || / INFO /.test(line.raw.slice(0, 120)) ? READY : READY_ALONE;
  if (line.level !== 'info' && line.level !== '') return false;
  return says.test(line.text) && !NOT_READY.test(line.raw);
}

// Tracing and metrics agents that live in the process and report for themselves, whatever it does.
const AGENT =
  /GRPCChannelManager|[Ss]kywalking-?(?:Agent|agent)|otel\.javaagent|io\.opentelemetry\.|\bdd\.trace\b|\bddtrace\b|datadog\.trace|elastic[.-]apm|\bnewrelic\b|Sentry is attempting|LogstashTcpSocketAppender|\b(?:traces?|spans?|metrics?) export(?:er)?\b|[Ee]xport(?:ing)? (?:of )?(?:traces?|spans?|metrics?)\b|:(?:4317|4318|8126|9411|14268|11800)\b/;
const AGENTS_TRACE = /^(?:\s+at |\t|Caused by: |\.\.\. \d+ more|[\w.$]{1,200}(?:Exception|Error)\b)/;

/** Without what such agents say, where the program itself says something of trouble too. */
function withoutAgents(log: LogLine[]): LogLine[] {
  const tail = log.slice(-REACH);
  if (!tail.some((l) => AGENT.test(l.raw))) return log;
  let inAgent = false;
  const own = tail.filter((l) => {
    inAgent = AGENT.test(l.raw) || (inAgent && AGENTS_TRACE.test(l.raw));
    return !inAgent;
  });
  return own.some((l) => isTrouble(l) && !isAftermath(l)) ? own : log;
}

/** Lines without a stamp belong to the stamped one before them: where that is the error, all of it is its words. */
function messageAround(lines: LogLine[], at: number, floor: number): number | undefined {
  const stamped = (line: LogLine) => line.level !== '' && line.raw !== line.text;
  for (let i = at; i >= floor; i--) {
    const line = lines[i]!;
    if (stamped(line)) return line.level === 'fatal' || line.level === 'error' ? i : undefined;
    if (line.raw !== line.text || line.level !== '') return undefined;
  }
  return undefined;
}

/** Said while it ends, of the end itself. */
export function isAftermath(line: LogLine): boolean {
  if (line.raw.trim() === '') return true;
  return (
    AFTERMATH.test(line.text) &&
    line.level !== 'fatal' &&
    !/error:|exception:|failed:|because|caused by/i.test(line.text)
  );
}

function isTrouble(line: LogLine): boolean {
  if (line.level === 'info' || line.level === 'debug') return false;
  return line.notable;
}
