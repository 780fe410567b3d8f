// Events as components write them: a repeated event raises the count of the one that is there, and after 25 of a kind
// only one in five minutes still counts, as the client library's spam filter has it.
import type { Clock } from '../clock.ts';
import type { Kinds, KubeObject } from '../kinds.ts';
import type { Store } from '../store.ts';
import type { Ids } from './ids.ts';

export type Words = { type: string; reason: string; message: string };
export type Component =
  | 'kubelet'
  | 'default-scheduler'
  | 'deployment-controller'
  | 'replicaset-controller'
  | 'statefulset-controller'
  | 'daemonset-controller';
type Event = Kinds['events'];
type About = { apiVersion: string; kind: string; metadata: KubeObject['metadata'] };
export type Recorder = (component: Component, about: About, words: Words, fieldPath?: string) => void;

const burst = 25;
const refillSeconds = 300;
const keyOf = (e: Pick<Event, 'involvedObject' | 'type' | 'reason' | 'message'>): string =>
  [e.involvedObject.uid, e.involvedObject.fieldPath, e.type, e.reason, e.message].join('\n');

export function createRecorder(store: Store, clock: Clock, ids: Ids, nodeName: string): Recorder {
  const known = new Map<string, Event['metadata']>();
  for (const event of store.list('events')) known.set(keyOf(event), event.metadata);

  return (component, about, words, fieldPath) => {
    const { name, namespace = 'default', uid, resourceVersion } = about.metadata;
    const involvedObject = {
      apiVersion: about.apiVersion,
      kind: about.kind,
      name,
      namespace,
      uid,
      resourceVersion,
      fieldPath,
    };
    const key = keyOf({ involvedObject, ...words });
    const metadata = known.get(key);
    const existing = metadata && store.get('events', metadata.namespace, metadata.name);
    const now = clock.now();
    if (existing) {
      const sinceLast = clock.secondsSince(existing.lastTimestamp ?? now);
      if ((existing.count ?? 1) >= burst && sinceLast < refillSeconds) return;
      store.edit('events', existing, (draft) => {
        draft.count = (draft.count ?? 1) + 1;
        draft.lastTimestamp = now;
      });
      return;
    }
    const isKubelet = component === 'kubelet';
    const event: Event = {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: {
        name: `${name}.${ids.eventSuffix(clock.nowMs())}`,
        namespace,
        uid: ids.uid(),
        creationTimestamp: now,
        resourceVersion: '',
      },
      involvedObject,
      ...words,
      count: 1,
      firstTimestamp: now,
      lastTimestamp: now,
      source: isKubelet ? { component, host: nodeName } : { component },
      reportingComponent: component,
      reportingInstance: isKubelet ? nodeName : '',
    };
    known.set(key, event.metadata);
    store.put('events', event);
  };
}
