// A recorded workload that leaves its pods as they are (paused, or OnDelete), with a container that runs at this moment and
// would die again soon: where a limit is changed in place.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { at } from '../../src/core/json.ts';
import { demoAccess } from '../../src/demo/recordings.ts';
import { changedRecording, type RecordedObject, recordedCluster } from './cluster.ts';
import { place } from './remedies.ts';

interface Held {
  recording: string;
  namespace: string;
  name: string;
  container: string;
  /** Condition of its world file under which it lives. */
  lives: string;
}

const memory: Held = {
  recording: 'oom-leak-later',
  namespace: 'events-stream',
  name: 'stream-processor',
  container: 'processor',
  lives: '{ memoryLimitAtLeast: 192Mi }',
};
const cpu: Held = {
  recording: 'cpu-throttled-probe',
  namespace: 'heatmap',
  name: 'heatmap',
  container: 'heatmap',
  lives: '{ always: true }',
};
export const held = { memory, cpu };

type Fields = { [name: string]: unknown };

export interface Wish {
  /** A change of the pod's spec and status before the world begins. */
  pod?: (spec: Fields & { containers: Fields[] }, status: Fields) => void;
  workload?: (spec: Fields) => void;
  /** So long does its run live, of which the clock makes a twentieth; long enough for any machine to plan, unless told. */
  livesSeconds?: number;
  podResize?: boolean;
  access?: ReturnType<typeof demoAccess>;
}

/** A folder with such a recording, gone when the test ends. */
export function heldRecording(which: Held, { pod, workload }: Wish = {}): string {
  const folder = changedRecording(which.recording, (objects) => {
    for (const object of objects) {
      const spec = object.spec as Fields;
      if (object.kind === 'Deployment') Object.assign(spec, { paused: true });
      if (object.kind === 'Deployment') workload?.(spec);
      if (object.kind === 'Pod') running(object, which.container);
      if (object.kind === 'Pod') pod?.(spec as never, object.status as Fields);
    }
  });
  const program = { container: which.container, lives: 0 };
  writeFileSync(
    join(folder, 'world.yaml'),
    `about: Held.\nprograms:\n  - ${JSON.stringify(program).replace('0', which.lives)}\n`,
  );
  return folder;
}

export async function openHeld(which: Held, wish: Wish = {}) {
  const { podResize = true, access = demoAccess(), livesSeconds = 1_200 } = wish;
  const lives = livedFor(livesSeconds)!;
  const folder = heldRecording(which, {
    ...wish,
    pod: (spec, status) => {
      lives(spec, status);
      wish.pod?.(spec, status);
    },
  });
  const double = await recordedCluster([folder], { access: { worker: access }, clockSpeed: 20, podResize });
  return {
    double,
    worker: double.open({ context: 'worker' }),
    admin: double.open({ context: 'admin' }),
    target: place(which.namespace, 'Deployment', which.name),
  };
}

/** The run before lived so long, and so will this one, until it dies of the same. */
export const livedFor =
  (seconds: number): Wish['pod'] =>
  (_spec, status) => {
    const terminated = at(status, 'containerStatuses', 0, 'lastState', 'terminated') as { [field: string]: string };
    terminated.startedAt = new Date(Date.parse(terminated.finishedAt ?? '') - seconds * 1_000).toISOString();
  };

/** As if the last recorded crash had been a moment ago. */
function running(pod: RecordedObject, name: string): void {
  const statuses = (pod.status as { containerStatuses: Fields[] }).containerStatuses;
  const status = statuses.find((one) => one.name === name)! as Fields & { lastState: { terminated: Fields } };
  const state = status.state as { terminated?: Fields };
  const ended = state.terminated ?? status.lastState.terminated;
  Object.assign(status, {
    lastState: { terminated: ended },
    state: { running: { startedAt: ended.finishedAt } },
    ready: true,
    started: true,
    restartCount: 4,
  });
}
