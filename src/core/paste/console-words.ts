// What consoles, desktop clients and the kubelet's own journal show of a pod, in lines of their own wording.

import type { JsonObject } from '../json.ts';
import type { Draft, LogDraft } from './draft.ts';
import { allUnread } from './pods.ts';

/** Lens and Headlamp: "Reason: OOMKilled - exit code: 137". */
const ENDED = /^\s*(?:Reason: )?(?<reason>[A-Z][A-Za-z]{2,40}) ?(?:-|–|\(|,) ?exit code:? ?(?<code>\d{1,3})\)?\s*$/i;

/** kubelet: "Error syncing pod, skipping" err="failed to \"StartContainer\" for \"api\" with REASON: \"…\"" pod="shop/api-0". */
const SYNC =
  /failed to \\?"(?:StartContainer|CreatePodSandbox)\\?" for \\?"(?<container>[^"\\]{1,300})\\?" with (?<reason>\w{1,60}): (?<rest>.{1,8000})$/;
const POD = / pod="(?<namespace>[a-z0-9-]{1,63})\/(?<pod>[a-z0-9.-]{1,253})"/;
const KUBELET_LINE = /\b(?:pod_workers|nestedpendingoperations|kuberuntime_manager|kubelet)\.go:\d+\]/;
const MOUNT = /Error: (?<words>(?:MountVolume|AttachVolume|MapVolume)\.\w+ failed for volume .{1,4000})$/;

const EVENT_OF: { [reason: string]: string } = {
  CrashLoopBackOff: 'BackOff',
  ImagePullBackOff: 'BackOff',
  CreatePodSandboxError: 'FailedCreatePodSandBox',
};

/** OpenShift's console: who signed an event, and how often it came. */
const CELL =
  /^\s{0,8}(?:Generated from [a-z][\w-]{1,60}(?: on \S{1,253})?|\d{1,6} times in the last \d{1,4} \w{3,8})\s{0,8}$/;

export function isConsoleEnd(line: string): boolean {
  return line.length < 200 && ENDED.test(line);
}

/** Takes such lines out of logs that nobody named. */
export function takeConsoleWords(draft: Draft): void {
  draft.logs = draft.logs.flatMap((log) => {
    if (log.whole || log.asked || log.container !== '') return [log];
    const lines = log.lines.filter(
      (line) =>
        !(
          line.length < 20_000 &&
          (CELL.test(line) || takeEnd(draft, line) || takeAlert(draft, line) || takeJournal(draft, log, line))
        ),
    );
    return lines.some((line) => line.trim() !== '') ? [{ ...log, lines }] : [];
  });
}

function takeEnd(draft: Draft, line: string): boolean {
  const groups = line.length < 200 ? ENDED.exec(line)?.groups : undefined;
  if (!groups?.reason || /^exited?$|^with$|^status$/i.test(groups.reason)) return false;
  const terminated: JsonObject = { reason: groups.reason, exitCode: Number(groups.code) };
  draft.glimpses.push({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: '' },
    spec: { containers: [{ name: '' }] },
    status: { containerStatuses: [{ name: '', lastState: { terminated } }] },
  });
  allUnread('', draft.unread);
  return true;
}

/** kube-prometheus: 'Pod shop/api-0 (api) is in waiting state (reason: "CrashLoopBackOff").' */
const ALERT =
  /\bPod (?<namespace>[a-z0-9-]{1,63})\/(?<pod>[a-z0-9.-]{1,253}) \((?<container>[a-z0-9-]{1,63})\) is in waiting state \(reason: "(?<reason>\w{1,60})"\)/;
/** Alertmanager's heading over its alerts. */
const ALERT_HEADING = /^\s*\[(?:FIRING|RESOLVED)(?::\d{1,4})?\]\s/;

function takeAlert(draft: Draft, line: string): boolean {
  if (ALERT_HEADING.test(line)) return true;
  const groups = line.length < 2_000 ? ALERT.exec(line)?.groups : undefined;
  if (!groups) return false;
  const { namespace, pod, container: name, reason } = groups;
  draft.glimpses.push({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: pod, namespace },
    spec: { containers: [{ name }] },
    status: { containerStatuses: [{ name, state: { waiting: { reason } } }] },
  });
  return true;
}

function takeJournal(draft: Draft, log: LogDraft, line: string): boolean {
  if (!KUBELET_LINE.test(line)) return false;
  const said = SYNC.exec(line)?.groups;
  const mount = said ? undefined : MOUNT.exec(line)?.groups?.words;
  if (!said && !mount) return false;
  const of = POD.exec(line)?.groups;
  const reason = said?.reason ?? 'FailedMount';
  const words = mount ?? unquoted((said?.rest ?? '').replace(POD, '').replace(/ podUID=.*$/, ''));
  const event = EVENT_OF[reason] ?? (mount ? reason : 'Failed');
  draft.events.push({
    type: 'Warning',
    reason: event,
    message: event === 'Failed' && !/^(?:Error: |Failed to pull)/.test(words) ? `Error: ${words}` : words,
    last: '',
    first: '',
    count: 1,
    from: 'kubelet',
    kind: 'Pod',
    name: of?.pod ?? log.pod,
    namespace: of?.namespace ?? log.namespace,
    fieldPath: said && !reason.includes('Sandbox') ? `spec.containers{${said.container}}` : '',
    order: draft.events.length + 1,
  });
  return true;
}

/** The journal quotes twice: \"secret \\\"db\\\" not found\". */
function unquoted(words: string): string {
  return words
    .trim()
    .replace(/^\\?"|\\?"\]?"?$/g, '')
    .replaceAll('\\\\\\"', '"')
    .replaceAll('\\"', '"')
    .trim();
}
