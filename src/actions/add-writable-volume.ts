// Puts an empty writable volume where a program may not write. Never over a path that the image surely needs.

import { defineAction, type PlanInput } from '../core/action.ts';
import { known } from '../core/fact.ts';
import type { Edit, Plan, Refusal } from '../core/plan.ts';
import { changeByEdits } from './edit.ts';
import { changeable } from './target.ts';
import { listOf, TEMPLATE_PERMISSIONS, templatePlan, undoByEdits } from './template.ts';

/** An empty directory over one of these would take the program or its system away. */
const SYSTEM =
  /^\/(?:bin|boot|dev|etc|lib|lib64|proc|root|sbin|sys|usr|opt|var|home|app)?\/?$|^\/(?:proc|sys|dev|bin|sbin|lib|lib64|usr\/(?:bin|sbin|lib|lib64))\//;

export default defineAction({
  id: 'add-writable-volume',
  title: 'Add a writable volume',
  risk: 'medium',
  permissions: TEMPLATE_PERMISSIONS,
  plan: planAdd,
  change: changeByEdits,
  undo: undoByEdits,
});

function planAdd(input: PlanInput): Plan | Refusal {
  const found = changeable(input, 'A writable volume');
  if ('refusal' in found) return found;
  const { evidence, cause } = input;
  const container = evidence.containers.find((c) => c.name === cause.container);
  const path = directoryOf(cause.detail);
  if (!container || !path)
    return {
      refusal: 'Which path was refused is not known, so no volume is offered. Read the last words of the program.',
    };
  if (SYSTEM.test(path))
    return {
      refusal: `An empty volume over ${path} would hide what the program needs there. Let it write elsewhere, below /tmp for example.`,
    };
  const mount = (known(container.mounts) ?? []).find((m) => `${path}/`.startsWith(`${m.path.replace(/\/+$/, '')}/`));
  if (mount)
    return {
      refusal: `${path} lies in the volume ${mount.volume}, mounted at ${mount.path}${mount.readOnly ? ' for reading only' : ''}: an empty volume over it would hide what is there. Let the program write elsewhere, or make that volume writable.`,
    };
  const volume = `writable${path.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}`.slice(0, 60).replace(/-+$/, '');
  if ((known(evidence.pod.volumes) ?? []).some((v) => v.name === volume))
    return { refusal: `A volume ${volume} is there already. Mount it at ${path} by hand.` };
  const edits: Edit[] = [
    { at: ['volumes', `name=${volume}`], to: { name: volume, emptyDir: {} } },
    {
      at: [listOf(container), `name=${container.name}`, 'volumeMounts', `mountPath=${path}`],
      to: { name: volume, mountPath: path },
    },
  ];
  return templatePlan(input, found, {
    action: 'add-writable-volume',
    title: `Writable volume at ${path}`,
    risk: 'medium',
    container: container.name,
    edits,
    diff: [`+ volume ${volume}: emptyDir`, `+ ${container.name}: mount ${volume} at ${path}`].join('\n'),
    effect: `${container.name} can write below ${path}; everything else stays as it is.`,
    undo: 'Take the volume away again.',
    warnings: [
      `What the image has below ${path} is hidden, and what is written there is lost with the pod.`,
      'A program that is refused one path often needs others: the next refusal names the next one.',
    ],
  });
}

/** The refused directory: the path itself when it looks like one. */
function directoryOf({ directory, path }: { [name: string]: string }): string | undefined {
  const wanted = directory ?? (path && /\.[A-Za-z0-9]{1,6}$/.test(path) ? path.replace(/\/[^/]+$/, '') : path);
  return wanted && /^\/[\w./-]+$/.test(wanted) && !wanted.split('/').includes('..')
    ? wanted.replace(/\/+$/, '')
    : undefined;
}
