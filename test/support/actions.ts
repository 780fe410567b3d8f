// Plans of the remedies from recordings, and what they write to the recorded objects: what the tests of actions are made of.
import { actions } from '../../src/actions/index.ts';
import { causeToCure } from '../../src/actions/propose.ts';
import { DEFAULT_LIMITS, reportOf } from '../../src/answer.ts';
import { readRecording } from '../../src/cli/recording.ts';
import type { Action, ActionLimits } from '../../src/core/action.ts';
import type { ActionId } from '../../src/core/action-id.ts';
import { type Now, stepsOf } from '../../src/core/change.ts';
import { evidenceFrom } from '../../src/core/evidence-from.ts';
import { isRefusal, type Plan, type Refusal } from '../../src/core/plan.ts';
import type { Cause } from '../../src/core/report.ts';
import type { KubeObject } from '../../src/core/snapshot.ts';
import { folderOf, objectsOf } from './cluster.ts';

export interface Wish {
  limits?: Partial<ActionLimits>;
  choice?: { [name: string]: string };
  /** Changes the recorded objects before they are read. */
  change?: (objects: KubeObject[]) => void;
  /** Another cause than the one that was found, or with other details. */
  cause?: Partial<Cause>;
}

export const actionOf = (id: ActionId): Action => actions.find((action) => action.id === id)!;

export function planned(
  recording: string,
  id: ActionId,
  { limits, choice, change, cause: told }: Wish = {},
): Plan | Refusal {
  const snapshot = structuredClone(readRecording(folderOf(recording)));
  change?.(snapshot.objects);
  const evidence = evidenceFrom(snapshot, {}, recording)!;
  const report = reportOf(evidence);
  const cause = { ...causeToCure(report)!, ...told };
  return actionOf(id).plan({ evidence, report, cause, limits: { ...DEFAULT_LIMITS, ...limits }, choice });
}

export function plan(recording: string, id: ActionId, wish: Wish = {}): Plan {
  const made = planned(recording, id, wish);
  if (isRefusal(made)) throw new Error(made.refusal);
  return made;
}

/** The raw objects of a recording as a plan meets them at the moment of the write. */
export function now(recording: string, { target }: Plan): Now {
  const objects = objectsOf(recording) as unknown as KubeObject[];
  const found = objects.find((o) => o.kind === target.kind && o.metadata.name === target.name)!;
  return { target: found, related: objects.filter((o) => o !== found) };
}

/** What a change sets on the template, without its guards. */
export function written(recording: string, made: Plan) {
  const change = actionOf(made.action).change(made, now(recording, made));
  return stepsOf(change).flatMap((step) =>
    step.is === 'patch'
      ? step.operations
          .filter((o) => o.op !== 'test' && !o.path.startsWith('/metadata/annotations'))
          .map(({ op, path, value }) => [op, path, value])
      : step.is === 'delete-pod'
        ? [['delete', step.name, step.uid]]
        : [['create', step.name]],
  );
}
