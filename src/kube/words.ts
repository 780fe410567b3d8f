// Failures in words: a phrase that says what was checked, what was found and what cures it.
import { type Asked, ClusterError, type Failure, kubeError } from './errors.ts';
import { isName } from './kinds.ts';

/** One sentence for a person, for any error. Never a header, a body or a stack. */
export function readable(error: unknown): string {
  if (error instanceof ClusterError) return error.message;
  return 'Something unexpected stopped the reading of the cluster; the log of Loopbreaker says what.';
}

/** The same as a phrase inside a sentence: the `why` of something that could not be read. */
export function why(error: unknown): string {
  const words = readable(error).replace(/\.$/, '');
  return /^[A-Z][a-z]/.test(words) ? words[0]!.toLowerCase() + words.slice(1) : words;
}

/** Any error of a request as the error of this room. */
export function asClusterError(error: unknown, asked: Asked): ClusterError {
  if (error instanceof ClusterError) return error;
  const failure = kubeError(error);
  return new ClusterError(sentence(phrase(failure, asked)), failure, asked);
}

export function sentence(phrase: string): string {
  return `${phrase[0]?.toUpperCase() ?? ''}${phrase.slice(1)}${/[.?]$/.test(phrase) ? '' : '.'}`;
}

/** What a person typed, made harmless for a sentence. */
export function quoted(typed: string): string {
  return JSON.stringify(typed.slice(0, 80));
}

function phrase(failure: Failure, asked: Asked): string {
  const { cluster } = asked;
  switch (failure.kind) {
    case 'forbidden':
      return (
        inAnotherName(failure) ??
        `not permitted (403): ${asked.verb} ${asked.resource} ${where(asked)}; grant it with: ${grant(failure, asked)}`
      );
    case 'refused':
      return `the cluster ${cluster} refused it (403): ${failure.message}`;
    case 'unauthorised':
      return `cluster ${cluster} does not accept the credentials of its kubeconfig (401); log in again or renew them`;
    case 'not-found':
      return `nothing named "${asked.name}" among the ${asked.resource} ${where(asked)}`;
    case 'not-served':
      return `cluster ${cluster} does not serve ${asked.resource}${asked.group ? `.${asked.group}` : ''} (404)`;
    case 'conflict':
      return `somebody else changed ${asked.name} at the same moment (409); look again before trying again`;
    case 'invalid':
      return `the API server of ${cluster} rejects the request (${failure.code}): ${failure.message || 'it does not say why'}`;
    case 'too-many-requests':
      return `cluster ${cluster} asks to slow down (429); try again in a minute`;
    case 'timeout':
      return failure.code === 0
        ? `cluster ${cluster} did not answer within ${asked.timeoutMs / 1000} s`
        : `cluster ${cluster} ran out of time with this request (${failure.code})`;
    case 'not-kubernetes':
      return `${failure.message}; check the address of cluster ${cluster} in its kubeconfig`;
    case 'unreachable':
      return unreachable(failure.reason, cluster);
    default:
      return failure.code === 0
        ? `cluster ${cluster} could not be asked for ${asked.resource}; try: kubectl get ${asked.resource}`
        : `cluster ${cluster} answers with an error (${failure.code})${failure.message ? `: ${failure.message}` : ''}`;
  }
}

/** The name itself was refused, before anything was asked in it. */
function inAnotherName({ message }: Failure): string | undefined {
  const [, kind, name = ''] =
    /^(user|group)s "([^"]{1,253})" is forbidden: .{0,600} cannot impersonate /.exec(message) ?? [];
  if (!kind) return undefined;
  return `not permitted (403): to write in the name of ${kind} ${quoted(name)}; grant it with: loopbreaker roles POLICY-FILE | kubectl apply -f -`;
}

function where({ namespace }: Asked): string {
  return namespace ? `in ${namespace}` : 'in the whole cluster';
}

const UNTRUSTED = /SELF_SIGNED|UNABLE_TO|CERT_|ALTNAME|ERR_TLS|EPROTO|ERR_SSL/;

function unreachable(code: string, cluster: string): string {
  if (code === 'CERT_HAS_EXPIRED')
    return `the certificate of cluster ${cluster} has expired; renew it on the API server`;
  if (UNTRUSTED.test(code))
    return `the certificate of cluster ${cluster} does not match the CA and address in its kubeconfig (${code}); fetch a fresh kubeconfig`;
  if (code === 'ECONNREFUSED')
    return `cluster ${cluster} refuses the connection; check that its API server runs and that the kubeconfig names its address`;
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return `the address of cluster ${cluster} in its kubeconfig is not known to DNS (${code}); check the name, the network or the VPN`;
  if (/^(EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT)$/.test(code))
    return `there is no way to cluster ${cluster} (${code}); check the network or the VPN`;
  return `the connection to cluster ${cluster} broke off (${code}); try again`;
}

/**
 * The commands that would permit it, for the very account the API server named. Only names that Kubernetes itself allows
 * are inserted; for any other account the role alone is given.
 */
function grant(failure: Failure, { verb, resource, group, namespace }: Asked): string {
  const role = `loopbreaker-${resource.replace('/', '-')}`;
  const [scope, at] = namespace ? ['role', ` -n ${namespace}`] : ['clusterrole', ''];
  const what = `${resource.replace(/^[^/]+/, (plural) => (group ? `${plural}.${group}` : plural))}`;
  const create = `kubectl create ${scope} ${role} --verb=${verb} --resource=${what}${at}`;
  const user = /User "([^"]+)"/.exec(failure.message)?.[1] ?? '';
  const [, ofNamespace, account] = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(user) ?? [];
  const subject =
    ofNamespace && account && isName(ofNamespace) && isName(account)
      ? `--serviceaccount=${ofNamespace}:${account}`
      : isName(user)
        ? `--user=${user}`
        : '';
  return subject ? `${create} && kubectl create ${scope}binding ${role} --${scope}=${role} ${subject}${at}` : create;
}
