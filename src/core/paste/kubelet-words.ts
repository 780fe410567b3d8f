// Sentences of the kubelet, runtime and scheduler that were pasted alone, without the row or field they stood in.
// They are events, never a program's log: each stands at the start of its line, as only they word it.

import type { Draft, EventDraft, LogDraft } from './draft.ts';

const SENTENCES: [reason: string, words: RegExp][] = [
  [
    'Failed',
    /^(?:Error: )?(?:failed to (?:create|start) (?:containerd (?:task|container)|shim(?: task)?)|failed to generate (?:container|spec)|OCI runtime (?:create )?(?:failed|error)|runc create failed|container_linux\.go:\d+: |container create failed|couldn't find key \S+ in |container has runAsNonRoot )/i,
  ],
  ['Failed', /^Error: (?:configmap|secret) "[^"]{1,253}" not found$/],
  ['Failed', /^(?:Error: )?(?:Failed to pull image "|ErrImageNeverPull\b)/],
  ['FailedMount', /^(?:MountVolume\.\w+ failed for volume|Unable to attach or mount volumes: )/],
  ['FailedAttachVolume', /^(?:AttachVolume\.\w+ failed for volume|Multi-Attach error for volume)/],
  ['FailedCreatePodSandBox', /^Failed to create pod sandbox: /i],
  ['FailedScheduling', /^\d{1,6}\/\d{1,6} nodes are available: /],
  ['Unhealthy', /^(?:Liveness|Readiness|Startup) probe (?:failed|errored)\b/],
  ['Killing', /^Container \S{1,63} failed (?:liveness|startup) probe, will be restarted/],
  [
    'FailedCreate',
    /^(?:Error creating: |Error from server(?: \([^)]{1,80}\))?: (?!.{0,200}User ")|(?:Error: (?:UPGRADE|INSTALLATION) FAILED: )?Internal error occurred: failed calling webhook "|pods "[^"]{1,253}" is forbidden: |create Pod \S{1,253} in StatefulSet |admission webhook "[^"]{1,253}" denied the request)/,
  ],
  ['BackOff', /^[Bb]ack-off (?:restarting failed container|pulling image)/],
];

/** Takes the sentences out of logs that nobody named; a log that was asked for by name stays whole. */
/** Helm waits for the Jobs of its hooks: "* job shop-migrate failed: BackoffLimitExceeded". */
const HOOK = /\bjob (?<job>[a-z0-9][a-z0-9.-]{0,252}) failed: (?<reason>BackoffLimitExceeded|DeadlineExceeded)\b/;

export function takeKubeletWords(draft: Draft): void {
  draft.logs = draft.logs.flatMap((log) => {
    if (log.whole || log.asked || log.container !== '') return [log];
    const lines: string[] = [];
    for (let i = 0; i < log.lines.length; i++) {
      const event = takeSentence(draft, log, log.lines[i]!);
      if (!event) lines.push(log.lines[i]!);
      else if (event.reason === 'FailedCreate') i += addReasons(event, log.lines, i + 1);
      else if (event.reason === 'Failed') i += addRest(event, log.lines, i + 1);
    }
    return lines.some((line) => line.trim() !== '') ? [{ ...log, lines }] : [];
  });
}

function takeSentence(draft: Draft, log: LogDraft, line: string): EventDraft | undefined {
  const message = cell(line.trim()).replace(/^(?:Message|message|msg): +["']?/, '');
  const hook = HOOK.exec(message.slice(0, 400))?.groups;
  const reason = hook?.reason ?? SENTENCES.find(([, words]) => words.test(message.slice(0, 400)))?.[0];
  if (reason === undefined) return undefined;
  const event: EventDraft = {
    type: reason === 'Killing' ? 'Normal' : 'Warning',
    reason,
    message,
    last: '',
    first: '',
    count: 1,
    from: reason === 'FailedCreate' ? 'replicaset-controller' : 'kubelet',
    kind: reason === 'FailedCreate' ? '' : 'Pod',
    name: reason === 'FailedCreate' ? '' : log.pod,
    namespace: log.namespace,
    fieldPath: '',
    order: draft.events.length + 1,
  };
  if (hook?.job) Object.assign(event, { kind: 'Job', name: hook.job, from: 'job-controller' });
  draft.events.push(event);
  return event;
}

/** Consoles show an event as cells of a table: the reason before its words, how often and how long ago behind them. */
const REASON =
  /^(?:(?:Warning|Normal)\s+)?(?:FailedScheduling|FailedMount|FailedAttachVolume|FailedCreatePodSandBox|FailedCreate|Failed(?! to )|Unhealthy|Killing|BackOff)(?:\s{0,4}[:|·-])?\s{1,60}(?=\S)/;
const AGO = '(?:(?:an?|\\d{1,4}) (?:second|minute|hour|day)s?(?: ago)?|\\d{1,4}[smhd](?: ago)?)';
const BEHIND = new RegExp(`(?:\\s{2,20}\\d{1,6})?(?:\\s{2,20}${AGO}){1,2}$`);

/** "and the pod: 0/3 nodes …", "Error: UPGRADE FAILED: admission webhook …": who says it. */
const INTRODUCED =
  /^(?:(?:and )?(?:the|my) (?:pod|pvc|claim|event|message|replicaset|deployment)s?(?: \w{2,12}){0,2}: |Error: (?:UPGRADE|INSTALLATION) FAILED: (?=admission webhook ))/i;

function cell(words: string): string {
  const message = words.replace(INTRODUCED, '').replace(REASON, '');
  return message === words ? words : message.replace(BEHIND, '');
}

/** So a runtime's error ends; a client may have broken it on its way there. */
const RUNTIME_END = /: unknown\.?\s*$/;
const RUNTIME = /(?:create failed|containerd task|shim(?: task)?:|OCI runtime|exec:)/;
const MOST_RESTS = 6;

function addRest(event: EventDraft, lines: string[], from: number): number {
  if (!RUNTIME.test(event.message) || RUNTIME_END.test(event.message)) return 0;
  const rests = lines.slice(from, from + MOST_RESTS);
  const last = rests.findIndex((line) => RUNTIME_END.test(line));
  if (last < 0 || rests.slice(0, last + 1).some((line) => line.trim() === '')) return 0;
  event.message += ` ${rests
    .slice(0, last + 1)
    .map((line) => line.trim())
    .join(' ')}`;
  return last + 1;
}

const MOST_REASONS = 12;

/** Policy engines give their reasons in the lines below a refusal; answers how many they are. */
function addReasons(event: EventDraft, lines: string[], from: number): number {
  let to = from;
  while (
    to < lines.length &&
    to < from + MOST_REASONS &&
    !SENTENCES.some(([, words]) => words.test(lines[to]!.trim().slice(0, 400)))
  )
    to++;
  const reasons = lines.slice(from, to).filter((line) => line.trim() !== '');
  if (reasons.length) event.message += ` ${reasons.map((line) => line.trim()).join(' ')}`;
  return to - from;
}
