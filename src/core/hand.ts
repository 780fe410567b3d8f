// What a person can run where no button helps: the commands of a rule, filled. A command is given whole, with every name
// known and checked, or not at all.

import type { Evidence } from './evidence.ts';
import { known } from './fact.ts';
import { isName, NAME, quote } from './kubectl.ts';
import type { Cause, Report } from './report.ts';
import type { Rule } from './rule.ts';

/** What a name must look like to stand in a command; the others are quoted and nothing more. */
const FORMS: [RegExp, RegExp][] = [
  [/^(?:namespace|pod|container|node|job|claim|account|serviceAccount)$/, NAME],
  [/^host$/, /^[a-z0-9][\w.:-]*$/i],
  [/^port$/, /^\d{1,5}$/],
  [/^path$/, /^\//],
];

export function byHandOf(
  evidence: Evidence,
  report: Report,
  { cause, commands }: { cause: Cause; commands: Rule['commands'] },
): Report['nextSteps'] {
  const names = namesOf(evidence, report, cause);
  return commands.flatMap(([text, template]) => {
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
