// Finds the pod and container of each pasted log: by name, or as the only one, or as the one in trouble.

import { at, type JsonObject, objects, text } from '../json.ts';
import type { KubeObject, LogText, UnreadPart } from '../snapshot.ts';
import type { Draft, LogDraft } from './draft.ts';
import { logText } from './logs.ts';
import { allUnread, containersOf, nameContainer, nameOf, rename, specOf } from './pods.ts';

/** Each log finds its pod and container: by name, or as the only one, or as the one in trouble. */
export function attributed(draft: Draft, pods: Map<string, KubeObject>, unread: UnreadPart[]): LogText[] {
  const texts = new Map<string, LogText>();
  let troubled: KubeObject | undefined;
  // Named ones first: a nameless log belongs to a pod that another one names.
  const rank = (log: LogDraft) => (log.aside ? 0 : 1);
  const nameless = draft.logs.filter((l) => l.pod === '').sort((a, b) => rank(a) - rank(b));
  for (const log of [...draft.logs.filter((l) => l.pod !== ''), ...nameless]) {
    if (log.pod === '' && log.container === '') troubled ??= mostTroubled([...pods.values()], '');
    const pod = podOf(log, pods, unread, troubled);
    const container = containerOf(log, pod);
    const key = `${nameOf(pod)}/${container}/${log.run}`;
    const known = texts.get(key);
    const said = logText(log.lines, log.whole === true);
    if (known) known.text += said;
    else texts.set(key, { pod: nameOf(pod), container, run: log.run, text: said });
  }
  return [...texts.values()];
}

function podOf(
  log: LogDraft,
  pods: Map<string, KubeObject>,
  unread: UnreadPart[],
  troubled: KubeObject | undefined,
): KubeObject {
  const named = log.pod ? (pods.get(log.pod) ?? pods.get('')) : undefined;
  const unnamed = log.container === '' ? troubled : mostTroubled([...pods.values()], log.container);
  const pod = named ?? (log.pod ? undefined : unnamed);
  if (pod) {
    if (nameOf(pod) === '' && log.pod) rename(pod, log.pod, pods, unread);
    if (log.namespace) pod.metadata.namespace ??= log.namespace;
    return pod;
  }
  const made: KubeObject = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: log.pod, ...(log.namespace ? { namespace: log.namespace } : {}) },
    spec: { containers: [] },
    status: {},
  };
  pods.set(log.pod, made);
  allUnread(log.pod, unread);
  return made;
}

function mostTroubled(pods: KubeObject[], container: string): KubeObject | undefined {
  const having = container ? pods.filter((pod) => containersOf(pod).some((c) => c.name === container)) : [];
  const among = having.length ? having : pods;
  const some = (is: typeof isTroubled) =>
    among.find((pod) => containersOf(pod).some((c) => is(pod, text(c.name) ?? '')));
  return some(isCrashLooping) ?? some(isTroubled) ?? among[0];
}

function statusOf(pod: KubeObject, container: string): JsonObject | undefined {
  const statuses = [
    ...objects(at(pod, 'status', 'containerStatuses')),
    ...objects(at(pod, 'status', 'initContainerStatuses')),
  ];
  return statuses.find((s) => s.name === container);
}

function isCrashLooping(pod: KubeObject, container: string): boolean {
  return text(at(statusOf(pod, container), 'state', 'waiting', 'reason')) === 'CrashLoopBackOff';
}

function isTroubled(pod: KubeObject, container: string): boolean {
  const status = statusOf(pod, container);
  const exit = at(status, 'state', 'terminated', 'exitCode');
  return (
    isCrashLooping(pod, container) ||
    (typeof exit === 'number' && exit !== 0) ||
    (typeof status?.restartCount === 'number' && status.restartCount > 0)
  );
}

function containerOf(log: LogDraft, pod: KubeObject): string {
  const known = containersOf(pod).map((c) => text(c.name) ?? '');
  if (log.container) {
    if (!known.includes(log.container)) nameContainer(pod, log.container, 'containers');
    return containersOf(pod).some((c) => c.name === log.container) ? log.container : (known[0] ?? log.container);
  }
  if (known.length === 0) {
    specOf(pod).containers = [{ name: '' }];
    return '';
  }
  const troubled = known.filter((name) => isTroubled(pod, name));
  // Without -c kubectl takes the annotated container, or the first main one.
  const usual = text(at(pod.metadata, 'annotations', 'kubectl.kubernetes.io/default-container'));
  return troubled.length === 1 ? troubled[0]! : (known.find((name) => name === usual) ?? known[0]!);
}
