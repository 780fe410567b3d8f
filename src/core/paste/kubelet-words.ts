// Sentences of the kubelet, runtime and scheduler that were pasted alone, without the row or field they stood in.
// They are events, never a program's log: each stands at the start of its line, as only they word it.

import type { Draft, LogDraft } from './draft.ts';

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
    /^(?:Error creating: |Error from server \((?:Forbidden|InternalError|BadRequest|Invalid)\): (?!.{0,200}User ")|Internal error occurred: failed calling webhook "|pods "[^"]{1,253}" is forbidden: |create Pod \S{1,253} in StatefulSet |admission webhook "[^"]{1,253}" denied the request)/,
  ],
  ['BackOff', /^[Bb]ack-off (?:restarting failed container|pulling image)/],
];

/** Takes the sentences out of logs that nobody named; a log that was asked for by name stays whole. */
export function takeKubeletWords(draft: Draft): void {
  draft.logs = draft.logs.flatMap((log) => {
    if (log.whole || log.pod !== '' || log.container !== '') return [log];
    const lines = log.lines.filter((line) => !takeSentence(draft, log, line));
    return lines.some((line) => line.trim() !== '') ? [{ ...log, lines }] : [];
  });
}

function takeSentence(draft: Draft, log: LogDraft, line: string): boolean {
  const message = line.trim().replace(/^(?:Message|message|msg): +["']?/, '');
  const reason = SENTENCES.find(([, words]) => words.test(message.slice(0, 400)))?.[0];
  if (reason === undefined) return false;
  draft.events.push({
    type: reason === 'Killing' ? 'Normal' : 'Warning',
    reason,
    message,
    last: '',
    first: '',
    count: 1,
    from: reason === 'FailedCreate' ? 'replicaset-controller' : 'kubelet',
    kind: reason === 'FailedCreate' ? '' : 'Pod',
    name: '',
    namespace: log.namespace,
    fieldPath: '',
    order: draft.events.length + 1,
  });
  return true;
}
