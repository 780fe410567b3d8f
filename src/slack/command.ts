// `/crashloop …` in words -> what is wanted. Bounded and validated: only names that Kubernetes allows get through.

import type { Wanted } from '../core/request.ts';

export interface CommandScope {
  /** Cluster aliases that this place may read, the default first. */
  clusters: string[];
}

export type Command =
  | { is: 'wanted'; wanted: Omit<Wanted, 'allowedNamespaces'> }
  | { is: 'help' }
  | { is: 'wrong'; sentence: string };

export const USAGE =
  '`/crashloop POD`, `NAMESPACE/POD` or `KIND/NAME` · `-n NAMESPACE` · `-c CONTAINER` · `-l SELECTOR` · `--cluster ALIAS` · nothing: what is crash looping now';

const MOST = 600;
const NAME = /^[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?$/;
const SELECTOR = /^[\w./!=,() -]{1,300}$/;

const KINDS: { [name: string]: string } = {
  pod: 'Pod',
  pods: 'Pod',
  po: 'Pod',
  deployment: 'Deployment',
  deployments: 'Deployment',
  deploy: 'Deployment',
  statefulset: 'StatefulSet',
  statefulsets: 'StatefulSet',
  sts: 'StatefulSet',
  daemonset: 'DaemonSet',
  daemonsets: 'DaemonSet',
  ds: 'DaemonSet',
  replicaset: 'ReplicaSet',
  rs: 'ReplicaSet',
  job: 'Job',
  jobs: 'Job',
  cronjob: 'CronJob',
  cronjobs: 'CronJob',
  cj: 'CronJob',
};

const FLAGS: { [flag: string]: 'namespace' | 'container' | 'selector' | 'cluster' } = {
  '-n': 'namespace',
  '--namespace': 'namespace',
  '-c': 'container',
  '--container': 'container',
  '-l': 'selector',
  '--selector': 'selector',
  '--cluster': 'cluster',
  '--context': 'cluster',
};

export function readCommand(text: string, scope: CommandScope): Command {
  if (text.length > MOST) return wrong(`That is longer than ${MOST} characters.`);
  const words = text.trim().split(/\s+/).filter(Boolean);
  if (words[0] === 'help' || words[0] === '--help' || words[0] === '-h') return { is: 'help' };
  const given: { [name in 'namespace' | 'container' | 'selector' | 'cluster']: string } = {
    namespace: '',
    container: '',
    selector: '',
    cluster: '',
  };
  const names: string[] = [];
  for (let i = 0; i < words.length; i++) {
    const [head = '', inline] = (words[i] ?? '').split(/=(.*)/s);
    const flag = Object.hasOwn(FLAGS, head) ? FLAGS[head] : undefined;
    if (flag) {
      const value = inline ?? words[++i];
      if (!value) return wrong(`${head} needs a value.`);
      given[flag] = value;
    } else if ((words[i] ?? '').startsWith('-')) return wrong(`I do not know ${head.slice(0, 40)}.`);
    else names.push(words[i] ?? '');
  }
  if (names.length === 2 && given.cluster === '' && scope.clusters.includes(names[0] ?? ''))
    given.cluster = names.shift() ?? '';
  if (
    names.length === 1 &&
    given.cluster === '' &&
    scope.clusters.length > 1 &&
    scope.clusters.includes(names[0] ?? '')
  )
    given.cluster = names.shift() ?? '';
  if (names.length > 1) return wrong('I take one name at a time.');
  const cluster = given.cluster || (scope.clusters[0] ?? '');
  if (!scope.clusters.includes(cluster))
    return wrong(
      `I may not read a cluster of that name from this channel. From here I read: ${scope.clusters.join(', ')}.`,
    );
  return checked(names[0] ?? '', { ...given, cluster });
}

function checked(
  subject: string,
  given: { namespace: string; container: string; selector: string; cluster: string },
): Command {
  const [first = '', second, ...more] = subject.split('/');
  if (more.length) return wrong('A name has at most one slash: NAMESPACE/POD or KIND/NAME.');
  let { namespace } = given;
  let kind = 'Pod';
  let name = first;
  if (second !== undefined) {
    const known = Object.hasOwn(KINDS, first.toLowerCase()) ? KINDS[first.toLowerCase()] : undefined;
    name = second;
    if (known) kind = known;
    else namespace = first;
  }
  for (const [what, value] of [
    ['name', name],
    ['namespace', namespace],
    ['container', given.container],
  ] as const) {
    if (value !== '' && !NAME.test(value))
      return wrong(`That is not a ${what} that Kubernetes allows: lower-case letters, digits, dashes and dots.`);
  }
  if (given.selector !== '' && !SELECTOR.test(given.selector))
    return wrong('That is not a label selector such as app=checkout.');
  return {
    is: 'wanted',
    wanted: { cluster: given.cluster, namespace, kind, name, container: given.container, selector: given.selector },
  };
}

function wrong(sentence: string): Command {
  return { is: 'wrong', sentence: `${sentence} Try ${USAGE}` };
}
