// The Kubernetes API was reached and says 403: the service account lacks a permission.

import { signTable } from '../core/log-signs.ts';
import { defineRule } from '../core/rule.ts';
import { details, fromLog } from './reading/said.ts';
import { together } from './vocabulary/row.ts';

const FORBIDDEN = signTable([
  {
    who: 'API server, through any client',
    pattern:
      /(?<resource>[\w.-]{1,200})(?: \\?"(?<name>[^"\\]{0,253})\\?")? is forbidden: User \\?"(?<user>[^"\\]{1,300})\\?" cannot (?<verb>[\w-]{1,60}) (?:resource \\?"(?<resource2>[^"\\]{1,300})\\?"|path \\?"(?<path>[^"\\]{1,300})\\?")(?: in API group \\?"(?<group>[^"\\]{0,253})\\?")?(?: (?:in the namespace \\?"(?<namespace>[^"\\]{1,300})\\?"|at the cluster scope))?/,
  },
  {
    who: 'API server, short',
    pattern:
      /User \\?"(?<user>system:serviceaccount:[^"\\]{1,300})\\?" cannot (?<verb>[\w-]{1,60})|forbidden: User \\?"(?<user2>system:[^"\\]{1,300})/,
  },
  {
    who: 'escalation',
    pattern: /user \\?"(?<user>[^"\\]{1,300})\\?".{0,80} is attempting to grant RBAC permissions not currently held/,
  },
  {
    who: 'RabbitMQ peer discovery',
    pattern: /(?:list of nodes from Kubernetes API|nodes from k8s)\W{1,4}403\b/,
  },
  { who: 'ingress-nginx', pattern: /does not have the required permissions to operate normally/ },
  {
    who: 'Python, Java, JavaScript clients',
    weak: true,
    pattern:
      /ApiException: \(403\)|"code": ?403,? ?.{0,40}Forbidden|Reason: Forbidden|Forbidden!Configured service account doesn't have access|KubernetesClientException.{0,200}(?:Forbidden|403)|HttpError: Forbidden|the server does not allow this method/i,
  },
  together(
    '\\bRBAC\\b|\\bservice ?account\\b',
    '\\b(?:cannot|can not|may not|not allowed to|lacks?|missing)\\b.{0,30}\\b(?:get|list|watch|create|update|patch|delete|permissions?|role|rbac)\\b',
  ),
  {
    who: 'any program',
    weak: true,
    pattern:
      /\b(?<verb>get|list|watch|create|update|patch|delete) (?<resource>[a-z]{3,40}) in namespace .{0,40}(?:forbidden|\b403\b)/i,
  },
]);

const BINDING = '{serviceAccount}-{verb}-{plural}';

export default defineRule({
  id: 'rbac-forbidden',
  title: 'The service account may not do this',
  explains: ['crash-loop', 'unread'],
  causes: [
    'application-error',
    'dependency-auth-failed',
    'dependency-timeout',
    'leader-election-lost',
    'crd-missing',
    'init-script-failed',
    'probe-too-early',
    'probe-endpoint-failing',
  ],
  actions: [],
  commands: [
    ['Make the Role', `create role ${BINDING} --verb={verb} --resource={granted} -n {grantedIn}`],
    ['Bind it', `create rolebinding ${BINDING} --role=${BINDING} --serviceaccount={asked} -n {grantedIn}`],
    ['Make the ClusterRole', `create {clusterrole} ${BINDING} --verb={verb} --resource={granted}`],
    ['Bind it', `create {clusterrole}binding ${BINDING} --clusterrole=${BINDING} --serviceaccount={asked}`],
    ['See whether it may now', 'auth can-i {verb} {granted} --as=system:serviceaccount:{asked} -n {grantedIn}'],
  ],
  byHand: 'Bind a Role that lets {account|its service account} {verb|do} {resource|what it tries}.',
  judge: (evidence) =>
    fromLog(evidence, FORBIDDEN, (hit, k) => {
      const g = hit.groups;
      const user = g.user ?? g.user2 ?? '';
      const account = /^system:serviceaccount:([^:]+):(.+)$/.exec(user);
      const resource = g.resource2 ?? g.resource ?? g.path;
      return {
        summary: `${account ? `the service account ${account[2]}` : user || `the service account of ${k.container.name}`} may not ${g.verb ?? 'do what it tries'}${resource ? ` ${resource}` : ''}${g.namespace ? ` in ${g.namespace}` : ''}`,
        detail: details({
          account: account ? `${account[1]}/${account[2]}` : user,
          verb: g.verb,
          resource,
          apiGroup: g.group,
          namespace: g.namespace,
          scope: /at the cluster scope/.test(hit.line.text) ? 'cluster' : undefined,
        }),
      };
    }),
  doc: {
    looksAt: "the API server's refusal in the last words of the program",
    means: 'The API server knows the service account and no Role or ClusterRole allows it this verb on this resource.',
    fix: 'Add the permission to a Role and bind it in the namespace named in the refusal; check with kubectl auth can-i --as.',
    prevention:
      'Ship Role and RoleBinding in the same release as the program, and test {verb|every verb} {resource|it uses} with kubectl auth can-i in the pipeline.',
    notThis:
      '401 Unauthorized is an invalid token; "no matches for kind" is crd-missing; admission says "denied the request".',
  },
});
