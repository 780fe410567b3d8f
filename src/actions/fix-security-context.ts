// Lets the process user write to its volume, or gives a pod the restrictions that a policy asks for. Only ever from
// evidence, and never more privilege than before: what would widen it is answered with the exact change for a person.

import { defineAction, type PlanInput } from '../core/action.ts';
import type { ContainerEvidence } from '../core/evidence/container.ts';
import type { Evidence } from '../core/evidence.ts';
import { known } from '../core/fact.ts';
import { at, canonical, type Json, type JsonObject, number, object } from '../core/json.ts';
import type { Edit, Plan, Refusal } from '../core/plan.ts';
import { patchCommand } from './by-hand.ts';
import { changeByEdits } from './edit.ts';
import { ownContainer, ownSpec } from './own-template.ts';
import { type Changeable, changeable } from './target.ts';
import { listOf, TEMPLATE_PERMISSIONS, templatePlan, undoByEdits } from './template.ts';

export default defineAction({
  id: 'fix-security-context',
  title: 'Correct the security context',
  risk: 'high',
  permissions: TEMPLATE_PERMISSIONS,
  plan: planFix,
  change: changeByEdits,
  undo: undoByEdits,
});

interface Fix {
  title: string;
  edits: Edit[];
  diff: string[];
  effect: string;
  warnings?: string[];
}

function planFix(input: PlanInput): Plan | Refusal {
  const found = changeable(input, 'A corrected security context');
  if ('refusal' in found) return found;
  const fix = fixFor(input, found);
  if ('refusal' in fix) return fix;
  return templatePlan(input, found, {
    action: 'fix-security-context',
    risk: 'high',
    container: input.cause.container,
    undo: 'Set the former security context again.',
    ...fix,
    diff: fix.diff.join('\n'),
  });
}

function fixFor(input: PlanInput, found: Changeable): Fix | Refusal {
  switch (input.cause.cause) {
    case 'volume-permission-denied':
      return group(input);
    case 'admission-denied':
      return restricted(input);
    case 'capability-missing':
      return byHand(
        input,
        found,
        `Adding a capability widens what ${input.cause.container} may do, so no button does it. If the image cannot do without`,
        { capabilities: { add: [input.cause.detail.capability ?? 'CAPABILITY'] } },
      );
    case 'run-as-non-root-violation':
      return byHand(
        input,
        found,
        `The image would run as root, which runAsNonRoot refuses, and which other user it works with is not known. With a number that it has`,
        { runAsUser: 'UID' },
      );
    case 'run-as-user-unknown':
      return byHand(
        input,
        found,
        `Which user the image has is not known, and leaving runAsUser out could make it root. With a number that it has`,
        { runAsUser: 'UID' },
      );
    default:
      return {
        refusal: `What would let ${input.cause.container || 'it'} do this widens its privileges, so no button does it: change the profile or the policy with whoever owns it.`,
      };
  }
}

/** fsGroup makes a volume writable for a group of the process; it changes nothing on volumes that do not support it. */
function group({ evidence, cause }: PlanInput): Fix | Refusal {
  const { uid, volume, volumeType, path = 'the volume' } = cause.detail;
  const container = evidence.containers.find((c) => c.name === cause.container);
  const pod = object(known(evidence.pod.securityContext));
  const gid = number(object(container && known(container.securityContext)).runAsGroup) ?? Number(uid);
  if (volumeType === 'hostPath')
    return {
      refusal: `${path} is a hostPath, on which fsGroup has no effect: change its owner on the node, for example chown ${uid ?? 'UID'} there, or use a volume claim.`,
    };
  if (volumeType !== undefined && !['persistentVolumeClaim', 'emptyDir', 'ephemeral', 'csi'].includes(volumeType))
    return {
      refusal: `${path} comes from a ${volumeType} volume, which cannot be made writable. Let the program write elsewhere.`,
    };
  if (!Number.isInteger(gid) || gid <= 0)
    return {
      refusal: `As which user ${cause.container} runs is not known, so no group is guessed. Set fsGroup to a group of that user.`,
    };
  const from = number(pod.fsGroup);
  if (from === gid)
    return {
      refusal: `fsGroup is ${gid} already, and the volume does not follow it. Change its owner once, in an init container or on the storage itself.`,
    };
  return {
    title: `Give the volumes to group ${gid}`,
    edits: [{ at: ['securityContext', 'fsGroup'], ...(from === undefined ? {} : { from }), to: gid }],
    diff: [`~ pod: fsGroup ${from ?? 'unset'} → ${gid}`],
    effect: `The kubelet gives ${volume ? `volume ${volume}` : 'the volumes'} to group ${gid}, to which the process belongs from then on.`,
    warnings: [
      'The owner group of every file on the volume changes; undo does not change it back. On a large volume this takes a while.',
      'Volumes that are a directory of the node (hostPath, local provisioners) ignore fsGroup.',
    ],
  };
}

/** Restrictions that the PodSecurity "restricted" and "baseline" levels name in their refusal; all of them narrow. */
function restricted(input: PlanInput): Fix | Refusal {
  const why = input.cause.detail.why ?? '';
  const ofPod = object(ownSpec(input.evidence)?.securityContext);
  const edits = [
    ...input.evidence.containers.flatMap((container) => narrowing(input.evidence, container, why)),
    ...(/seccompProfile/.test(why) ? set(['securityContext'], ofPod, 'seccompProfile', RUNTIME_DEFAULT) : []),
    ...(/runAsNonRoot/.test(why) ? set(['securityContext'], ofPod, 'runAsNonRoot', true) : []),
  ];
  const wider = /privileged|hostPath|hostNetwork|hostPID|hostIPC|hostPort|non-default capabilities|runAsUser=0/.exec(
    why,
  )?.[0];
  if (edits.length === 0 || wider)
    return {
      refusal: `The policy refuses ${wider ? `“${wider}”` : 'this pod'}, and the program may need it: change the template with whoever wrote it, or the policy with whoever owns it.`,
    };
  return {
    title: 'Add the restrictions that the policy asks for',
    edits,
    diff: edits.map(({ at: path, from, to }) =>
      from === undefined
        ? `+ ${path.join('.')}: ${JSON.stringify(to)}`
        : `~ ${path.join('.')}: ${JSON.stringify(from)} → ${JSON.stringify(to)}`,
    ),
    effect: 'The pod asks for less than before, which is what the policy wants to see.',
    warnings: ['A program that needs what is taken away fails in another way: watch its first start.'],
  };
}

const RUNTIME_DEFAULT = { type: 'RuntimeDefault' };

/** What a container says of itself counts more than what its pod says, so it is corrected where it stands. */
function narrowing(evidence: Evidence, container: ContainerEvidence, why: string): Edit[] {
  const own = ownContainer(evidence, container.name);
  const has = object(own ? own.securityContext : known(container.securityContext));
  const place = [listOf(container), `name=${container.name}`, 'securityContext'];
  const capabilities = object(has.capabilities);
  return [
    ...(/allowPrivilegeEscalation/.test(why) ? set(place, has, 'allowPrivilegeEscalation', false) : []),
    ...(/unrestricted capabilities/.test(why) ? set([...place, 'capabilities'], capabilities, 'drop', ['ALL']) : []),
    ...(/runAsNonRoot/.test(why) && has.runAsNonRoot === false ? set(place, has, 'runAsNonRoot', true) : []),
    ...(/seccompProfile/.test(why) && at(has, 'seccompProfile', 'type') === 'Unconfined'
      ? set(place, has, 'seccompProfile', RUNTIME_DEFAULT)
      : []),
  ];
}

/** Nothing where it is so already. */
function set(place: string[], holder: JsonObject, field: string, to: Json): Edit[] {
  const from = holder[field] as Json | undefined;
  if (canonical(from) === canonical(to)) return [];
  return [{ at: [...place, field], ...(from === undefined ? {} : { from }), to }];
}

function byHand(input: PlanInput, { workload }: Changeable, why: string, securityContext: object): Refusal {
  const { namespace, containers } = input.evidence;
  const container = containers.find((c) => c.name === input.cause.container);
  const list = container ? listOf(container) : 'containers';
  const podSpec = { [list]: [{ name: input.cause.container, securityContext }] };
  return { refusal: `${why}: ${patchCommand(workload, namespace, podSpec)}` };
}
