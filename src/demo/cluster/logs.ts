// GET pods/x/log: which run of which container, then tail, since and size, in the order and with the words of the kubelet.
// Source of fact: k8s.io/kubernetes/pkg/kubelet (validateContainerLogStatus) and registry/core/pod (LogLocation).
import type { Answer } from './http.ts';
import type { ContainerStatus, Pod } from './kinds.ts';
import { badRequest, invalid, notFound } from './status-errors.ts';
import type { Store } from './store.ts';
import type { Run } from './world/life.ts';

const names = (list: { name: string }[] | undefined): string => (list ?? []).map((c) => c.name).join(' ');

function containerAsked(pod: Pod, asked: string | null): string {
  const all = [...(pod.spec?.initContainers ?? []), ...(pod.spec?.containers ?? [])];
  const mains = pod.spec?.containers ?? [];
  if (asked) {
    if (!all.some((c) => c.name === asked))
      throw badRequest(`container ${asked} is not valid for pod ${pod.metadata.name}`);
    return asked;
  }
  if (mains.length === 1) return mains[0]!.name;
  const inits = pod.spec?.initContainers?.length
    ? ` or one of the init containers: [${names(pod.spec.initContainers)}]`
    : '';
  throw badRequest(
    `a container name must be specified for pod ${pod.metadata.name}, choose one of: [${names(mains)}]${inits}`,
  );
}

function runAsked(pod: Pod, container: string, previous: boolean): string {
  const which = `container "${container}" in pod "${pod.metadata.name}"`;
  const statuses = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])];
  const status: ContainerStatus | undefined = statuses.find((s) => s.name === container);
  if (!status) throw badRequest(`${which} is not available`);
  const { running, terminated, waiting } = status.state ?? {};
  const last = status.lastState?.terminated?.containerID;
  if (previous) {
    if (!last) throw badRequest(`previous terminated ${which} not found`);
    return last;
  }
  if (running) return status.containerID ?? '';
  const ended = terminated?.containerID ?? last;
  if (ended) return ended;
  if (terminated) throw badRequest(`${which} is terminated`);
  const reason = waiting?.reason ?? 'unknown';
  const why: Record<string, string> = {
    ErrImagePull: "image can't be pulled",
    ImagePullBackOff: 'trying and failing to pull image',
  };
  throw badRequest(`${which} is waiting to start: ${why[reason] ?? reason}`);
}

function count(query: URLSearchParams, name: string, least: number, pod: string): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  const value = Number(text);
  if (!Number.isInteger(value)) throw badRequest(`strconv.ParseInt: parsing "${text}": invalid syntax`);
  if (value < least) {
    const rule = least === 0 ? 'must be greater than or equal to 0' : 'must be greater than 0';
    throw invalid('PodLogOptions', pod, [{ field: name, message: `Invalid value: ${value}: ${rule}` }]);
  }
  return value;
}

/** When each line was written is not recorded; the lines are spread evenly over the run. */
function timed(run: Run, nowMs: number): { at: number; line: string }[] {
  const lines = run.text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  const length = (run.endedMs ?? nowMs) - run.startedMs;
  return lines.map((line, n) => ({ line, at: run.startedMs + (length * n) / Math.max(1, lines.length - 1) }));
}

const nanoseconds = (ms: number): string => new Date(ms).toISOString().replace('Z', '000000Z');

export function readLog(
  store: Store,
  runs: Map<string, Run>,
  namespace: string,
  name: string,
  query: URLSearchParams,
): Answer {
  const pod = store.get('pods', namespace, name);
  if (!pod) throw notFound('pods', name);
  const tailLines = count(query, 'tailLines', 0, name);
  const limitBytes = count(query, 'limitBytes', 1, name);
  const sinceSeconds = count(query, 'sinceSeconds', 1, name);
  const container = containerAsked(pod, query.get('container'));
  // A pod without a node has no kubelet to ask: no answer at all.
  if (!pod.spec?.nodeName) return { code: 204, text: '' };
  const run = runs.get(runAsked(pod, container, query.get('previous') === 'true'));
  if (!run) return { code: 200, text: '' };
  const nowMs = Date.now();
  const since =
    sinceSeconds !== undefined ? nowMs - sinceSeconds * 1000 : Date.parse(query.get('sinceTime') ?? '') || 0;
  let lines = timed(run, nowMs);
  if (tailLines !== undefined) lines = tailLines === 0 ? [] : lines.slice(-tailLines);
  lines = lines.filter(({ at }) => at >= since);
  const stamped = query.get('timestamps') === 'true';
  const text = lines.map(({ at, line }) => (stamped ? `${nanoseconds(at)} ${line}` : line)).join('');
  return { code: 200, text: limitBytes === undefined ? text : Buffer.from(text).subarray(0, limitBytes).toString() };
}
