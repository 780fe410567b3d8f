// Permissions -> RBAC Roles as YAML. The read Role is what src/kube asks for, the watch Role what its watch does; the write
// Role is what the remedies need beyond reading. None ever holds a wildcard, Secrets or anything that runs inside a container.
import type { Action, Permission } from '../../../src/core/action.ts';
import { POD_JOIN } from '../../../src/core/change.ts';
import { POD_RESIZE } from '../../../src/core/normalise/resizes-pods.ts';

type Role = { kind: 'ClusterRole' | 'Role'; name: string; about: string[]; permissions: readonly Permission[] };

export function readRoleText(inNamespaces: readonly Permission[], ofCluster: readonly Permission[]): string {
  return documents('src/kube/permissions.ts', [
    {
      kind: 'ClusterRole',
      name: 'loopbreaker-read',
      about: [
        'What a diagnosis reads. It gives nothing by itself: a RoleBinding per namespace (read/binding.yaml) says where.',
      ],
      permissions: inNamespaces,
    },
    {
      kind: 'ClusterRole',
      name: 'loopbreaker-read-cluster',
      about: ['Nodes and the names of namespaces belong to no namespace. Without this Role they are stated gaps.'],
      permissions: ofCluster,
    },
  ]);
}

export function watchRoleText(inNamespaces: readonly Permission[], ofCluster: readonly Permission[]): string {
  return documents('src/kube/watch/permissions.ts', [
    {
      kind: 'ClusterRole',
      name: 'loopbreaker-watch',
      about: [
        'What the watch reads. It gives nothing by itself: a RoleBinding per namespace (read/binding-watch.yaml) says where.',
      ],
      permissions: inNamespaces,
    },
    {
      kind: 'ClusterRole',
      name: 'loopbreaker-watch-cluster',
      about: ['The uid of kube-system tells clusters apart. Without this Role the alias does.'],
      permissions: ofCluster,
    },
  ]);
}

/** Remedies that make pods of their own have a Role of their own. */
const makesPods = (action: Action): boolean => action.permissions.some(({ verbs }) => verbs.includes('create'));

export function debugCopyRoleText(actions: readonly Action[], granted: readonly Permission[]): string {
  return documents('the permissions of src/actions', [
    {
      kind: 'Role',
      name: 'loopbreaker-debug-copy',
      about: [
        'Opt-in: a copy of a pod to look into. Whoever may create pods may use what they may mount: grant it with care.',
        '  kubectl apply --namespace NAMESPACE --filename deploy/kubernetes/write/debug-copy/',
      ],
      permissions: beyond(
        merged(actions.filter(makesPods).flatMap((action) => action.permissions)).filter((one) => !isJoin(one)),
        granted,
      ),
    },
  ]);
}

export function resizeRoleText(actions: readonly Action[]): string {
  const permissions = merged(actions.flatMap((action) => action.permissions.filter(isResize)));
  return documents('the permissions of src/actions', [
    {
      kind: 'Role',
      name: 'loopbreaker-resize',
      about: [
        'Opt-in: a higher limit for a running pod whose workload makes no new one (OnDelete, paused); see docs/in-place.md.',
        '  kubectl apply --namespace NAMESPACE --filename deploy/kubernetes/write/resize/',
      ],
      permissions,
    },
  ]);
}

export function ephemeralRoleText(actions: readonly Action[]): string {
  return documents('the permissions of src/actions', [
    {
      kind: 'Role',
      name: 'loopbreaker-ephemeral',
      about: [
        'Opt-in: a container that joins a live pod to look into it. It cannot be taken out again: grant it with care.',
        '  kubectl apply --namespace NAMESPACE --filename deploy/kubernetes/write/ephemeral/',
      ],
      permissions: merged(actions.flatMap((action) => action.permissions.filter(isJoin))),
    },
  ]);
}

const isJoin = ({ resource }: Permission): boolean => resource === POD_JOIN;
const isResize = ({ resource }: Permission): boolean => resource === POD_RESIZE;

/** `besides`: what is needed whichever remedy it is. */
export function writeRoleText(
  actions: readonly Action[],
  granted: readonly Permission[],
  besides: readonly Permission[],
): string {
  const changing = actions.filter((action) => !makesPods(action));
  const wanted = changing.flatMap((action) => action.permissions).filter((one) => !isResize(one));
  const permissions = beyond(merged([...wanted, ...besides]), granted);
  return documents('the permissions of src/actions', [
    {
      kind: 'Role',
      name: 'loopbreaker-write',
      about: [
        'Opt-in: what the remedies need beyond reading. Apply it with its binding to each namespace that may be changed:',
        '  kubectl apply --namespace NAMESPACE --filename deploy/kubernetes/write/',
      ],
      permissions,
    },
  ]);
}

function documents(source: string, roles: Role[]): string {
  return `# Generated from ${source}: npm run generate\n${roles.map(roleText).join('---\n')}`;
}

function roleText({ kind, name, about, permissions }: Role): string {
  const lines = [
    ...about.map((line) => `# ${line}`),
    'apiVersion: rbac.authorization.k8s.io/v1',
    `kind: ${kind}`,
    'metadata:',
    `  name: ${name}`,
    '  labels:',
    '    app.kubernetes.io/name: loopbreaker',
    'rules:',
    ...ruleLines(permissions),
  ];
  return `${lines.join('\n')}\n`;
}

/** One rule for resources of the same group that need the same verbs. */
function ruleLines(permissions: readonly Permission[]): string[] {
  const rules = new Map<string, { apiGroup: string; verbs: readonly string[]; resources: string[] }>();
  for (const { apiGroup, resource, verbs } of permissions) {
    const key = `${apiGroup} ${verbs.join()}`;
    const rule = rules.get(key) ?? { apiGroup, verbs, resources: [] };
    rule.resources.push(resource);
    rules.set(key, rule);
  }
  return [...rules.values()].flatMap(({ apiGroup, resources, verbs }) => [
    `  - apiGroups: ["${apiGroup}"]`,
    `    resources: [${resources.join(', ')}]`,
    `    verbs: [${verbs.join(', ')}]`,
  ]);
}

/** Each resource once, with the verbs that anybody asks of it. */
function merged(permissions: readonly Permission[]): Permission[] {
  const byResource = new Map<string, Permission>();
  for (const one of permissions) {
    const key = `${one.apiGroup}/${one.resource}`;
    const verbs = new Set([...(byResource.get(key)?.verbs ?? []), ...one.verbs]);
    byResource.set(key, { ...one, verbs: [...verbs].sort() });
  }
  return [...byResource.values()];
}

function beyond(wanted: readonly Permission[], granted: readonly Permission[]): Permission[] {
  const has = (one: Permission, verb: string): boolean =>
    granted.some((g) => g.apiGroup === one.apiGroup && g.resource === one.resource && g.verbs.includes(verb));
  return wanted.flatMap((one) => {
    const verbs = one.verbs.filter((verb) => !has(one, verb));
    return verbs.length > 0 ? [{ ...one, verbs }] : [];
  });
}
