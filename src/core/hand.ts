// What a person can run where no button helps: for a cause, the command that makes the change or shows what it hangs on.
// Capitals stand for what only the person knows. A command is given whole, with every name known and checked, or not at all.

import type { CauseId } from './cause.ts';
import type { Evidence } from './evidence.ts';
import { known } from './fact.ts';
import { isName, NAME, quote } from './kubectl.ts';
import type { Cause, Report } from './report.ts';

type Row = [text: string, command: string];

const EDIT: Row = ['Open its template', 'edit {owner} -n {namespace}'];
const BINDING = '{serviceAccount}-{verb}-{plural}';

const BY_CAUSE: { [cause in CauseId]?: Row[] } = {
  'flag-unknown': [EDIT],
  'command-not-found': [EDIT],
  'mount-hides-files': [EDIT],
  'lifecycle-hook-failed': [EDIT],
  'listens-on-localhost': [EDIT],
  'port-in-use': [EDIT],
  'sidecar-not-ready': [EDIT],
  'data-dir-not-empty': [EDIT],
  'entrypoint-completes': [EDIT],
  'exec-format-error': [['See which nodes have which architecture', 'get nodes -L kubernetes.io/arch']],
  'crd-missing': [['See what is served', 'get customresourcedefinitions']],
  'disk-full': [['See how full it is, while it runs', 'exec {pod} -n {namespace} -c {container} -- df -h {path}']],
  evicted: [['See what the node has left of {pressure}', 'describe node {node}']],
  'node-not-ready': [['See what the node says of itself', 'describe node {node}']],
  'dependency-dns-not-found': [
    ['Ask for the name from the pod', 'debug {pod} -n {namespace} -it --image=busybox -- nslookup {host}'],
  ],
  'dependency-timeout': [
    ['Try it from the pod', 'debug {pod} -n {namespace} -it --image=busybox -- nc -zv -w 5 {host} {port}'],
  ],
  'dependency-job-missing': [['See whether the Job is there', 'get job {job} -n {namespace}']],
  'leader-election-lost': [['See who holds the leases', 'get leases -n {namespace}']],
  'apiserver-unreachable': [
    ['See the network pods of the node', 'get pods --all-namespaces -o wide --field-selector=spec.nodeName={node}'],
  ],
  'cni-failure': [
    ['See the network pods of the node', 'get pods --all-namespaces -o wide --field-selector=spec.nodeName={node}'],
  ],
  'volume-attach-failed': [['See which node holds which volume', 'get volumeattachments']],
  'pvc-unbound': [
    ['See what the claim waits for', 'describe persistentvolumeclaim {claim} -n {namespace}'],
    ['See which storage classes there are', 'get storageclasses'],
  ],
  'rbac-forbidden': [
    ['Make the Role', `create role ${BINDING} --verb={verb} --resource={granted} -n {grantedIn}`],
    ['Bind it', `create rolebinding ${BINDING} --role=${BINDING} --serviceaccount={asked} -n {grantedIn}`],
    ['Make the ClusterRole', `create {clusterrole} ${BINDING} --verb={verb} --resource={granted}`],
    ['Bind it', `create {clusterrole}binding ${BINDING} --clusterrole=${BINDING} --serviceaccount={asked}`],
    ['See whether it may now', 'auth can-i {verb} {granted} --as=system:serviceaccount:{asked} -n {grantedIn}'],
  ],
  'coredns-forward-loop': [
    ['Change forward in the Corefile', 'edit configmap coredns -n kube-system'],
    ['Then let it be read', 'rollout restart deployment/coredns -n kube-system'],
  ],
  'webhook-unavailable': [
    ['See whose webhook it is', 'get validatingwebhookconfigurations,mutatingwebhookconfigurations'],
  ],
  'service-account-missing': [['Create it', 'create serviceaccount {account} -n {namespace}']],
  'quota-exceeded': [['See what is used up', 'describe resourcequota,limitrange -n {namespace}']],
  unschedulable: [['See what each node has left', 'describe nodes']],
  'image-pull-denied': [
    [
      'Make a pull secret of a file with the login',
      'create secret generic registry-login -n {namespace} --type=kubernetes.io/dockerconfigjson --from-file=.dockerconfigjson=FILE',
    ],
    [
      'Let the ServiceAccount carry it; new pods use it',
      'patch serviceaccount {serviceAccount} -n {namespace} -p {"imagePullSecrets":[{"name":"registry-login"}]}',
    ],
  ],
};

/** What a name must look like to stand in a command; the others are quoted and nothing more. */
const FORMS: [RegExp, RegExp][] = [
  [/^(?:namespace|pod|container|node|job|claim|account|serviceAccount)$/, NAME],
  [/^host$/, /^[a-z0-9][\w.:-]*$/i],
  [/^port$/, /^\d{1,5}$/],
  [/^path$/, /^\//],
];

export function byHandOf(evidence: Evidence, report: Report, cause: Cause): Report['nextSteps'] {
  const names = namesOf(evidence, report, cause);
  return (BY_CAUSE[cause.cause as CauseId] ?? []).flatMap(([text, template]) => {
    const [said, words] = [filled(text, names), filled(template, names)];
    return said && words ? [{ text: said.join(' '), command: ['kubectl', ...words.map(quote)].join(' ') }] : [];
  });
}

/** Its words, each filled by itself; undefined where a name is not known or could not be one. */
function filled(template: string, names: { [name: string]: string }): string[] | undefined {
  const fits = (name: string): boolean =>
    (names[name] ?? '') !== '' && FORMS.every(([which, form]) => !which.test(name) || form.test(names[name] ?? ''));
  if (![...template.matchAll(/\{(\w+)\}/g)].every(([, name = '']) => fits(name))) return undefined;
  return template.split(' ').map((word) => word.replace(/\{(\w+)\}/g, (_, name: string) => names[name] ?? ''));
}

const ROLLED_OUT = ['Deployment', 'StatefulSet', 'DaemonSet'];

function namesOf(evidence: Evidence, { target }: Report, { detail, container }: Cause): { [name: string]: string } {
  const { namespace, pod, workload } = target;
  const kind = [...ROLLED_OUT, 'CronJob'].includes(workload.kind) ? workload.kind.toLowerCase() : '';
  const account = evidence.pod.serviceAccount;
  const managed = (known(evidence.workload)?.managedBy ?? []).length > 0;
  return {
    serviceAccount: known(account) ?? (account.state === 'absent' ? 'default' : ''),
    ...detail,
    ...grantOf(detail),
    namespace: detail.namespace || namespace,
    pod,
    container,
    node: detail.node || (known(evidence.pod.nodeName) ?? ''),
    // What somebody else would put back is not edited here.
    owner: kind && isName(workload.name) && !managed ? `${kind}/${workload.name}` : '',
  };
}

/** What is granted to whom, and where; {} for what is no right of a service account on a resource. */
function grantOf({ account = '', verb = '', resource = '', apiGroup, namespace = '', scope }: Cause['detail']): {
  [name: string]: string;
} {
  const [of = '', name = ''] = account.split('/');
  const [plural = '', below] = resource.split('/');
  if (![of, name].every(isName) || !/^[a-z]+$/.test(verb) || !/^[a-z]+(?:\/[a-z]+)?$/.test(resource)) return {};
  return {
    serviceAccount: name,
    asked: `${of}:${name}`,
    // The resource `deployments` of the group `apps` is granted as deployments.apps.
    granted: `${plural}${apiGroup ? `.${apiGroup}` : ''}${below ? `/${below}` : ''}`,
    plural: resource.replace('/', '-'),
    grantedIn: isName(namespace) ? namespace : '',
    clusterrole: scope === 'cluster' ? 'clusterrole' : '',
  };
}

/** Whether the new pods come up once the change is made; undefined where nothing is rolled out. */
export function rolloutOf(evidence: Evidence, { target }: Report): string | undefined {
  const { namespace, workload } = target;
  const held = known(evidence.workload)?.updateStrategy === 'OnDelete' || known(evidence.workload)?.paused;
  if (held || !ROLLED_OUT.includes(workload.kind) || ![workload.name, namespace].every(isName)) return undefined;
  return `kubectl rollout status ${workload.kind.toLowerCase()}/${workload.name} -n ${namespace} --timeout=5m`;
}
