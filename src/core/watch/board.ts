// What a watch knows of one part of a cluster, and which troubles began and ended there. Invariant: a trouble is told
// once when it begins and once when it ends, however often its pod is shown, and the same list shown again tells nothing.
import type { FailedCreate } from './no-pod.ts';
import type { Labels, OwnerNote, PodNote } from './projection.ts';
import { loopsAtRest, type Sign, signsOf, type TroubleKind } from './signs.ts';

export interface Trouble {
  /** The same for every watcher: uid of the pod or owner, container, kind. */
  id: string;
  kind: TroubleKind;
  namespace: string;
  /** A pod, or the owner that cannot make one. */
  subject: { uid: string; kind: string; name: string };
  container: string;
  /** The nearest owner of a pod. */
  owner: OwnerNote | null;
  reason: string;
  restarts: number;
  labels: Readonly<Labels>;
}

export interface Now {
  /** Rises steadily and means nothing else: for how long something is seen. */
  steadyMs: number;
  /** The cluster's time of day: for what its objects say. */
  clusterMs: number;
}

export interface Told {
  began: Trouble[];
  /** Ids. */
  ended: string[];
}

/** A container that crashes between two looks seems well: only one that has been quiet for so long is. The kubelet forgets its back-off after the same time. */
const QUIET_MS = 600_000;

/** A namespace is young for a moment: its service account or quota comes a little later than its first workload. */
const NO_POD_PATIENCE_MS = 10_000;

/** Controllers try again at least every 17 minutes. */
const FAILED_CREATE_NEWS_MS = 1_800_000;

interface Entry {
  firstMs: number;
  lastMs: number;
  told: boolean;
}

export type Board = ReturnType<typeof createBoard>;

export function createBoard({ restartsMin }: { restartsMin: number }) {
  const pods = new Map<string, PodNote>();
  const owners = new Map<string, { note: OwnerNote; pods: number }>();
  /** Pods that need a look: the few with signs. */
  const troubled = new Map<string, { pod: PodNote; signs: Sign[] }>();
  const failed = new Map<string, FailedCreate>();
  const entries = new Map<string, Entry>();
  let listed: Set<string> | undefined;

  function put(pod: PodNote): void {
    listed?.add(pod.uid);
    release(pods.get(pod.uid));
    pods.set(pod.uid, { ...pod, owner: shared(pod.owner) });
    const signs = signsOf(pod, restartsMin);
    if (signs.length > 0) troubled.set(pod.uid, { pod, signs });
    else troubled.delete(pod.uid);
  }

  function remove(uid: string): void {
    release(pods.get(uid));
    pods.delete(uid);
    troubled.delete(uid);
  }

  function shared(owner: OwnerNote | null): OwnerNote | null {
    if (!owner) return null;
    const known = owners.get(owner.uid) ?? { note: owner, pods: 0 };
    owners.set(owner.uid, known);
    known.pods += 1;
    return known.note;
  }

  function release(pod: PodNote | undefined): void {
    const known = pod?.owner && owners.get(pod.owner.uid);
    if (known && --known.pods === 0) owners.delete(known.note.uid);
  }

  /** Everything that can be said now, whether it has lasted long enough or not. */
  function present({ clusterMs }: Now): { trouble: Trouble; patienceMs: number }[] {
    const found = [];
    for (const { pod, signs } of troubled.values())
      for (const sign of signs)
        if (clusterMs <= sign.untilMs) found.push({ trouble: ofPod(pod, sign), patienceMs: sign.patienceMs });
    for (const [uid, event] of failed) {
      if (clusterMs - event.atMs > FAILED_CREATE_NEWS_MS) failed.delete(uid);
      else if (!owners.has(uid)) found.push({ trouble: ofOwner(event), patienceMs: NO_POD_PATIENCE_MS });
    }
    return found;
  }

  function resting({ clusterMs }: Now): Trouble[] {
    return [...pods.values()].flatMap((pod) =>
      loopsAtRest(pod, restartsMin, clusterMs).map((sign) => ofPod(pod, sign)),
    );
  }

  return {
    put,
    remove,
    failed: (event: FailedCreate): void => {
      const before = failed.get(event.owner.uid);
      if (!before || before.atMs < event.atMs) failed.set(event.owner.uid, event);
    },
    /** From here to `listed`, only what is put exists. */
    listing: (): void => {
      listed = new Set();
    },
    listed: (): void => {
      for (const uid of pods.keys()) if (listed && !listed.has(uid)) remove(uid);
      listed = undefined;
    },
    /** All that is wrong now counts as told, and so do crash loops between two crashes. */
    standing(now: Now): Trouble[] {
      const found = [...resting(now), ...present(now).map(({ trouble }) => trouble)];
      for (const { id } of found) entries.set(id, { firstMs: now.steadyMs, lastMs: now.steadyMs, told: true });
      return found;
    },
    /** A trouble that was told by an earlier watcher: its end is to be told here. */
    remember(id: string, { steadyMs }: Now): void {
      if (!entries.has(id)) entries.set(id, { firstMs: steadyMs, lastMs: steadyMs, told: true });
    },
    /** It was looked into and is none: the next event about its owner begins it anew. */
    dismiss(id: string): void {
      entries.delete(id);
      failed.delete(subjectOf(id));
    },
    /** What began and ended since it was asked last. */
    changes(now: Now): Told {
      const told: Told = { began: [], ended: [] };
      const { steadyMs } = now;
      const current = new Set<string>();
      for (const { trouble, patienceMs } of present(now)) {
        current.add(trouble.id);
        const entry = entries.get(trouble.id) ?? { firstMs: steadyMs, lastMs: steadyMs, told: false };
        entries.set(trouble.id, entry);
        entry.lastMs = steadyMs;
        if (entry.told || steadyMs - entry.firstMs < patienceMs) continue;
        entry.told = true;
        told.began.push(trouble);
      }
      for (const [id, { lastMs, told: wasTold }] of entries) {
        if (current.has(id)) continue;
        const over = id.endsWith(NO_POD) ? owners.has(subjectOf(id)) : !pods.has(subjectOf(id));
        if (wasTold && !over && steadyMs - lastMs < QUIET_MS) continue;
        entries.delete(id);
        if (wasTold) told.ended.push(id);
      }
      return told;
    },
    pods: (): number => pods.size,
  };
}

const NO_POD = '//no-pod';

function subjectOf(id: string): string {
  return id.slice(0, id.indexOf('/'));
}

function ofPod({ uid, namespace, name, owner, labels }: PodNote, { kind, container, reason, restarts }: Sign): Trouble {
  const id = `${uid}/${container}/${kind}`;
  return { id, kind, namespace, subject: { uid, kind: 'Pod', name }, container, owner, reason, restarts, labels };
}

function ofOwner({ namespace, owner }: FailedCreate): Trouble {
  return {
    id: `${owner.uid}${NO_POD}`,
    kind: 'no-pod',
    namespace,
    subject: owner,
    container: '',
    owner: null,
    reason: 'FailedCreate',
    restarts: 0,
    labels: {},
  };
}
