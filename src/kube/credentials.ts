// What can go wrong before a request leaves: a credential plugin that is missing or unhappy, a certificate file that is gone.
// The plugin's own output is never shown; it may hold a token.

import { text } from '../core/json.ts';
import type { Cluster } from './clusters.ts';
import { type ClusterError, LocalFailure, problem, TIME_LIMIT } from './errors.ts';

export function credentialsProblem(error: unknown, cluster: Cluster): ClusterError {
  const { code, syscall = '', path = '' } = Object(error) as { code?: string; syscall?: string; path?: string };
  const exec = cluster.config.getCurrentUser()?.exec as { command?: unknown } | undefined;
  const plugin = text(exec?.command) ?? 'a program';
  const said = (sentence: string): ClusterError => problem(sentence, code ?? 'Credentials', 'unauthorised');
  if (error instanceof LocalFailure && code === TIME_LIMIT)
    return said(
      `Credentials for cluster ${cluster.alias} did not come within ${cluster.timeoutMs / 1000} s; run ${byHand(cluster)} to see what ${plugin} waits for.`,
    );
  if (syscall.startsWith('spawn'))
    return said(
      `The kubeconfig of cluster ${cluster.alias} gets its credentials from "${plugin}", which is not installed here; install it or choose another context.`,
    );
  if (code === 'ENOENT' || code === 'EACCES')
    return said(`The kubeconfig of cluster ${cluster.alias} names the file ${path}, which cannot be read (${code}).`);
  if (error instanceof Error && /^HTTP protocol is not allowed/.test(error.message))
    return said(
      `The kubeconfig of cluster ${cluster.alias} has an unencrypted http:// address; use https://, or set insecure-skip-tls-verify: true for a local proxy.`,
    );
  if (exec)
    return said(
      `"${plugin}" gave no credentials for cluster ${cluster.alias}; run ${byHand(cluster)} to see what it says, most often: log in again.`,
    );
  return said(`The credentials in the kubeconfig of cluster ${cluster.alias} cannot be used; run ${byHand(cluster)}.`);
}

function byHand(cluster: Cluster): string {
  return `kubectl --context '${cluster.context.replaceAll("'", '')}' get namespaces`;
}
