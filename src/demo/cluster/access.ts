// Who may do what: RBAC rules per token, nothing allowed that no rule names. The words of a refusal are the API server's.
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { ResourceRequest } from './routes.ts';
import { ApiError } from './status-errors.ts';

export const ruleSchema = z.strictObject({
  apiGroups: z.array(z.string()),
  resources: z.array(z.string()),
  verbs: z.array(z.string()),
  /** Absent: bound in the whole cluster. Given: bound in these namespaces only. */
  namespaces: z.array(z.string()).optional(),
  resourceNames: z.array(z.string()).optional(),
});
export type Rule = z.infer<typeof ruleSchema>;
export type User = { name: string; rules: Rule[] };

const read = ['get', 'list', 'watch'];
const reader: Rule[] = [
  {
    apiGroups: [''],
    resources: [
      ...['pods', 'events', 'configmaps', 'services', 'persistentvolumeclaims', 'resourcequotas', 'limitranges'],
      ...['nodes', 'namespaces'],
    ],
    verbs: read,
  },
  { apiGroups: [''], resources: ['pods/log', 'serviceaccounts'], verbs: ['get'] },
  {
    apiGroups: ['apps'],
    resources: ['deployments', 'replicasets', 'statefulsets', 'daemonsets', 'controllerrevisions'],
    verbs: read,
  },
  { apiGroups: ['batch'], resources: ['jobs', 'cronjobs'], verbs: read },
  { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: read },
  { apiGroups: ['events.k8s.io'], resources: ['events'], verbs: read },
  { apiGroups: ['metrics.k8s.io'], resources: ['pods'], verbs: read },
];

/** Least privilege for diagnosis, and for diagnosis with remedies. Secrets are in neither. */
export const defaultAccess: Record<string, Rule[]> = {
  reader,
  writer: [
    ...reader,
    { apiGroups: ['apps'], resources: ['deployments', 'statefulsets', 'daemonsets'], verbs: ['patch'] },
    { apiGroups: [''], resources: ['pods'], verbs: ['delete'] },
  ],
};
const admin: Rule[] = [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }];

/** In whose name a request wants to be made; user "" is nobody's but its own. */
export type Impersonation = { user: string; groups: string[] };
export type Access = {
  tokens: Record<string, string>;
  /** Throws when this user may not speak for the other. */
  userOf(authorization: string | undefined, asks?: Impersonation): User | undefined;
};

/**
 * One random token per name for the life of the process; `admin` always exists and stands for the person with kubectl.
 * `people` are users and groups without a token, whom others may impersonate.
 */
export function createAccess(rules: Record<string, Rule[]>, people: Record<string, Rule[]> = {}): Access {
  const users = new Map<string, User>();
  const tokens: Record<string, string> = {};
  const add = (name: string, user: User): void => {
    tokens[name] = randomBytes(24).toString('base64url');
    users.set(tokens[name], user);
  };
  for (const [name, list] of Object.entries(rules)) {
    add(name, { name: `system:serviceaccount:loopbreaker:${name}`, rules: z.array(ruleSchema).parse(list) });
  }
  add('admin', { name: 'kubernetes-admin', rules: admin });
  return {
    tokens,
    userOf(authorization, asks = { user: '', groups: [] }) {
      const given = Buffer.from(/^Bearer (\S+)$/.exec(authorization ?? '')?.[1] ?? '');
      for (const [token, user] of users) {
        const real = Buffer.from(token);
        if (real.length === given.length && timingSafeEqual(real, given)) return speakingFor(user, asks, people);
      }
      return undefined;
    },
  };
}

function speakingFor(user: User, { user: name, groups }: Impersonation, people: Record<string, Rule[]>): User {
  if (name === '' && groups.length === 0) return user;
  const wanted = [{ plural: 'users', name }, ...groups.map((group) => ({ plural: 'groups', name: group }))];
  for (const one of wanted) {
    const asked = { verb: 'impersonate', group: '', subresource: '', namespace: '', ...one } as unknown as Asked;
    if (!mayDo(user, asked)) throw forbidden(user, asked);
  }
  return { name, rules: [name, ...groups].flatMap((one) => people[one] ?? []) };
}

type Asked = Pick<ResourceRequest, 'verb' | 'group' | 'plural' | 'subresource' | 'namespace' | 'name'>;
const names = (list: string[], value: string): boolean => list.includes('*') || list.includes(value);
const fullResource = (asked: Asked): string =>
  asked.subresource ? `${asked.plural}/${asked.subresource}` : asked.plural;

export const mayDo = (user: User, asked: Asked): boolean =>
  user.rules.some(
    (rule) =>
      names(rule.apiGroups, asked.group) &&
      names(rule.resources, fullResource(asked)) &&
      names(rule.verbs, asked.verb) &&
      (!rule.namespaces || rule.namespaces.includes(asked.namespace)) &&
      (!rule.resourceNames || rule.resourceNames.includes(asked.name)),
  );

export function forbidden(user: User, asked: Asked): ApiError {
  const groupResource = asked.group ? `${asked.plural}.${asked.group}` : asked.plural;
  const where = asked.namespace ? `in the namespace "${asked.namespace}"` : 'at the cluster scope';
  const named = asked.name ? ` "${asked.name}"` : '';
  const message =
    `${groupResource}${named} is forbidden: User "${user.name}" cannot ${asked.verb} resource "${fullResource(asked)}"` +
    ` in API group "${asked.group}" ${where}`;
  return new ApiError(403, 'Forbidden', message, { name: asked.name, group: asked.group, kind: asked.plural });
}
