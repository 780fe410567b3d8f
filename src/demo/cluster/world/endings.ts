// How a recorded container ended, read from its pod, its events and its log: what a new container will say again
// when the condition of its program does not hold. Pure but for reading the log.
import type { Container, ContainerStatus, Kinds, Pod } from '../kinds.ts';
import type { Recording } from '../recording.ts';
import type { Words } from './events.ts';

type Terminated = NonNullable<NonNullable<ContainerStatus['state']>['terminated']>;

export type Ending =
  /** It starts and dies. `runSeconds` is how long it ran; `unhealthy` are the probe failures on the way, `killing` the kubelet's own. */
  | {
      kind: 'exits';
      terminated: Terminated;
      /** The runtime could not start it: no log, no Started event, the Failed event's words. */
      startError?: Words;
      runSeconds: number;
      log: string;
      unhealthy: Words[];
      killing?: Words;
    }
  /** It never starts: the kubelet waits for something and says so again at every attempt. */
  | { kind: 'blocked'; reason: string; message?: string; podWords: Words[]; words: Words[] }
  /** It runs and never becomes ready. */
  | { kind: 'unready'; log: string; words: Words[] }
  /** No node takes the pod. */
  | { kind: 'unscheduled'; words: Words[] };

export type Spoken = { pod: Pod; container: Container };
export type RecordedEnding = {
  ending?: Ending;
  spoken: Spoken;
  /** It was crashing when it was recorded, not merely once in its past. */
  loops: boolean;
  /** The log of a run that went well, and how long an init container took. */
  healthyLog?: string;
  completesAfterSeconds?: number;
};

const secondsOf = (t: Terminated): number => {
  const from = Date.parse(t.startedAt ?? '');
  const to = Date.parse(t.finishedAt ?? '');
  // The zero time stands for "never started"; whole seconds hide a run of less than one.
  return from > 0 && to > from ? (to - from) / 1000 : 0.4;
};

const isLog = (text: string | undefined): text is string =>
  text !== undefined && !text.startsWith('unable to retrieve container logs');

function distinct(events: Kinds['events'][]): Words[] {
  const seen = new Map<string, Words>();
  for (const { type = 'Normal', reason = '', message = '' } of events)
    seen.set(`${reason}\n${message}`, { type, reason, message });
  return [...seen.values()];
}

export function recordedEnding(
  recording: Recording,
  pod: Pod,
  container: Container,
  status: ContainerStatus | undefined,
): RecordedEnding {
  const isInit = (pod.spec?.initContainers ?? []).some(
    (c) => c.name === container.name && c.restartPolicy !== 'Always',
  );
  const about = (recording.objects as unknown as Kinds['events'][]).filter(
    (e) => e.kind === 'Event' && e.involvedObject.uid === pod.metadata.uid,
  );
  const said = distinct(about.filter((e) => e.involvedObject.fieldPath?.endsWith(`{${container.name}}`)));
  const log = (which: 'current' | 'previous'): string | undefined =>
    recording.log(pod.metadata.name, container.name, which);
  const spoken = { pod, container };
  const { state = {}, lastState = {}, restartCount = 0 } = status ?? {};

  if (!pod.spec?.nodeName) {
    return {
      spoken,
      loops: true,
      ending: { kind: 'unscheduled', words: distinct(about.filter((e) => e.reason === 'FailedScheduling')) },
    };
  }
  if (isInit && state.terminated?.exitCode === 0) {
    return { spoken, loops: false, completesAfterSeconds: secondsOf(state.terminated), healthyLog: log('current') };
  }
  const terminated = state.terminated ?? lastState.terminated;
  if (terminated) {
    const words = [log(state.terminated ? 'current' : 'previous'), log('current')].find(isLog) ?? '';
    const failed = said.find((w) => w.reason === 'Failed');
    const recovered = state.running !== undefined && status?.ready === true && restartCount < 3;
    return {
      spoken,
      loops: !recovered,
      healthyLog: recovered ? log('current') : undefined,
      ending: {
        kind: 'exits',
        terminated,
        startError:
          terminated.reason === 'StartError' || terminated.startedAt?.startsWith('1970-') ? failed : undefined,
        runSeconds: secondsOf(terminated),
        log: words,
        unhealthy: said.filter((w) => w.reason === 'Unhealthy' || /^FailedP\w+Hook$/.test(w.reason)),
        killing: said.find((w) => w.reason === 'Killing'),
      },
    };
  }
  if (state.running) {
    const words = said.filter((w) => w.reason === 'Unhealthy');
    if (status?.ready || words.length === 0) return { spoken, loops: false, healthyLog: log('current') };
    return { spoken, loops: true, ending: { kind: 'unready', log: log('current') ?? '', words } };
  }
  if (state.waiting?.reason && state.waiting.reason !== 'PodInitializing') {
    const { reason, message } = state.waiting;
    const podWords = distinct(
      about.filter((e) => e.type === 'Warning' && !e.involvedObject.fieldPath && e.reason !== 'FailedScheduling'),
    );
    return { spoken, loops: true, ending: { kind: 'blocked', reason, message, podWords, words: said } };
  }
  return { spoken, loops: false };
}

/** The recorded words as they would be said of another pod: its name, uid, address and image in place of the recorded ones. */
export function retold(text: string, spoken: Spoken, pod: Pod, container: Container): string {
  const pairs: [string | undefined, string | undefined][] = [
    [spoken.pod.metadata.uid, pod.metadata.uid],
    [spoken.pod.metadata.name, pod.metadata.name],
    ...(['livenessProbe', 'readinessProbe', 'startupProbe'] as const).flatMap((kind) =>
      [true, false].map((whole): [string | undefined, string | undefined] => [
        probeAddress(spoken.pod, spoken.container[kind], whole),
        probeAddress(pod, container[kind], whole),
      ]),
    ),
    [spoken.pod.status?.podIP, pod.status?.podIP],
    [spoken.container.image, container.image],
  ];
  return pairs.reduce((told, [old, now]) => (old && now ? told.replaceAll(old, now) : told), text);
}

/** `10.244.0.7:8080`, and when it is whole with the path that is asked for. */
function probeAddress(pod: Pod, probe: Container['livenessProbe'], whole: boolean): string | undefined {
  const port = probe?.httpGet?.port ?? probe?.tcpSocket?.port;
  const path = whole ? (probe?.httpGet?.path ?? '') : '';
  return port !== undefined && pod.status?.podIP ? `${pod.status.podIP}:${port}${path}` : undefined;
}
