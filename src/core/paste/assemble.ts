// Makes a snapshot of a draft: ages become times, logs find their containers, pods of which only hints exist are
// made, and everything that the paste did not hold is named as unread.

import { at, isObject, object, objects, text } from '../json.ts';
import { type KubeObject, PASTED, type Snapshot, type UnreadPart } from '../snapshot.ts';
import { addClaims, CLAIM, markClaimRows } from './claims.ts';
import { takeConsoleWords } from './console-words.ts';
import type { Draft, EventDraft } from './draft.ts';
import { allRows, eventObject, namedIn } from './events.ts';
import { takeKubeletWords } from './kubelet-words.ts';
import { attributed } from './log-owners.ts';
import { fillFromTemplate, giveRows, joinFragment } from './nameless.ts';
import { dropOthers } from './no-log.ts';
import { allUnread, containersOf, nameContainer, nameOf, rename } from './pods.ts';
import { ageSeconds, before, EPOCH } from './times.ts';
import { unreadKinds, unreadLogs } from './unread-parts.ts';
import {
  addReplicaSetsBetween,
  addWorkloadsOfEvents,
  adoptByName,
  isOfController,
  nameWorkloads,
  ownWhatWasMade,
} from './workloads-of-events.ts';

export function assemble(draft: Draft): Snapshot {
  takeKubeletWords(draft);
  takeConsoleWords(draft);
  const wasTorn = dropOthers(draft);
  markClaimRows(draft);
  const now = draft.newest || EPOCH;
  const pods = new Map<string, KubeObject>();
  const others: KubeObject[] = [];
  for (const object of unique(draft.objects)) {
    if (object.kind === 'Pod') pods.set(nameOf(object), object);
    else others.push(object);
  }
  const unread = [...draft.unread];
  addGlimpses(draft, pods, unread);
  joinFragment(pods, unread);
  addPodsOfEvents(draft, pods, unread);
  nameWorkloads(draft, pods, others, unread);
  if (pods.size === 0) addWorkloadsOfEvents(draft, others, unread);
  addClaims(draft, pods, others, unread);
  if (
    pods.size === 0 &&
    draft.logs.length === 0 &&
    others.length > 0 &&
    others.every((o) => o.kind === 'ResourceQuota')
  )
    addNameless(pods, unread, others[0]);
  fillFromTemplate(draft, pods, others, unread);
  // A table of pods whose rows cannot be read still tells that there is one.
  if ((draft.podsListed || wasTorn) && pods.size + others.length + draft.logs.length + draft.events.length === 0)
    addNameless(pods, unread);
  const logs = attributed(draft, pods, unread);
  giveRows(draft, pods);
  ownWhatWasMade(draft, [...pods.values(), ...others]);
  addReplicaSetsBetween(pods, others, unread);
  adoptByName([...pods.values(), ...others], unread);
  for (const pod of pods.values())
    if (containersOf(pod).length === 0) pod.spec = { ...object(pod.spec), containers: [{ name: '' }] };
  const events = draft.events.map((row) => eventObject(row, now));
  const all = [...pods.values(), ...others, ...events];
  const parts = unread.concat(unreadLogs(draft, pods, logs), unreadKinds(draft, all));
  return {
    cluster: PASTED,
    now,
    objects: all,
    logs,
    unread: [...new Map(parts.map((part) => [part.at, part])).values()],
    templateHashes: {},
  };
}

/** Of two readings of one object the one with a uid (a manifest) stays, otherwise the later. */
function unique(found: KubeObject[]): KubeObject[] {
  const best = new Map<string, KubeObject>();
  for (const [i, object] of found.entries()) {
    const key =
      object.kind === 'Event'
        ? `Event ${i}`
        : `${object.kind}/${text(object.metadata.namespace) ?? ''}/${nameOf(object)}`;
    const known = best.get(key);
    if (!known || text(known.metadata.uid) === undefined || text(object.metadata.uid) !== undefined)
      best.set(key, object);
  }
  return [...best.values()];
}

/** Pods of which a table's row or a line of talk tells; a fuller reading stays as it is. */
function addGlimpses(draft: Draft, pods: Map<string, KubeObject>, unread: UnreadPart[]): void {
  const hasState = (pod: KubeObject) => objects(at(pod, 'status', 'containerStatuses')).some((s) => isObject(s.state));
  for (const pod of draft.glimpses.filter(hasState).concat(draft.glimpses)) {
    if (pods.has(nameOf(pod))) continue;
    sinceRestart(pod, draft);
    pods.set(nameOf(pod), pod);
    allUnread(nameOf(pod), unread);
  }
}

/** A table says how long ago the last restart was: since then what runs has been running. */
function sinceRestart(pod: KubeObject, { restarted, newest }: Draft): void {
  const seconds = ageSeconds(restarted.get(nameOf(pod)) ?? '');
  if (seconds === undefined) return;
  for (const status of objects(at(pod, 'status', 'containerStatuses')))
    if (isObject(at(status, 'state', 'running')))
      status.state = { running: { startedAt: before(newest || EPOCH, seconds) } };
}

/** Rows without their heading tell of one pod, whatever its name is; a quota alone of one that it may refuse. */
function addNameless(pods: Map<string, KubeObject>, unread: UnreadPart[], beside?: KubeObject): void {
  const namespace = text(beside?.metadata.namespace);
  const metadata = { name: '', ...(namespace ? { namespace } : {}) };
  pods.set('', { apiVersion: 'v1', kind: 'Pod', metadata, spec: {}, status: {} });
  allUnread('', unread);
}

/** Events alone name their pod and, in their messages, its containers and uid. */
function addPodsOfEvents(draft: Draft, pods: Map<string, KubeObject>, unread: UnreadPart[]): void {
  for (const event of allRows(draft)) {
    if (event.name === '' && event.kind !== CLAIM) event.kind = isOfController(event) ? '' : 'Pod';
    if (event.kind !== 'Pod') continue;
    const named = namedIn(event.message);
    const nameless = pods.get('');
    if (event.name === '' && nameless && named.pod) {
      rename(nameless, named.pod, pods, unread);
      for (const other of draft.events) if (other.kind === 'Pod') other.name ||= named.pod;
    }
    if (pods.size === 0) event.name ||= named.pod ?? '';
    if (event.name === '') {
      if (pods.size === 0) addNameless(pods, unread);
      const only = pods.size === 1 ? pods.get('') : undefined;
      if (only) nameContainer(only, insideOf(event) ?? named.container, listOf(event));
      continue;
    }
    let pod = pods.get(event.name);
    if (!pod) {
      pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: event.name }, spec: {}, status: {} };
      pods.set(event.name, pod);
      allUnread(event.name, unread);
    }
    pod.metadata.namespace ??= event.namespace || named.namespace;
    if (named.uid !== undefined && named.pod === event.name) pod.metadata.uid ??= named.uid;
    nameContainer(pod, insideOf(event) ?? named.container, listOf(event));
    event.namespace ||= text(pod.metadata.namespace) ?? '';
  }
}

/** The container that an event is about: `spec.containers{api}`. */
function insideOf({ fieldPath }: EventDraft): string | undefined {
  return /^spec\.(?:initContainers|containers)\{(.+)\}$/.exec(fieldPath)?.[1];
}

function listOf({ fieldPath }: EventDraft): 'initContainers' | 'containers' {
  return fieldPath.startsWith('spec.initContainers') ? 'initContainers' : 'containers';
}
