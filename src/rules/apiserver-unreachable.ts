// The Kubernetes API cannot be reached from the pod.

import { signTable } from '../core/log-signs.ts';
import { defineRule } from '../core/rule.ts';
import { MECHANISMS, probeMechanism } from './reading/dependency.ts';
import { details, fromLog } from './reading/said.ts';
import { speaksOfApiServer } from './vocabulary/api-server.ts';

const DOWN = signTable([
  {
    who: 'Go and every client that words errno',
    pattern:
      /connection refused|ECONNREFUSED|i\/o timeout|context deadline exceeded|no route to host|network is unreachable|connection reset by peer|TLS handshake timeout|no such host|server misbehaving|timed? ?out|EHOSTUNREACH|ETIMEDOUT|connect: |Max retries exceeded|Client\.Timeout|unexpected EOF|Failed to connect|UnknownHostException|ConnectException/i,
  },
  {
    who: 'kubectl, client-go',
    pattern:
      /Unable to connect to the server|the server (?:is currently unable to handle the request|was unable to return a response)|couldn't get (?:current server API group list|resource list)|apiserver (?:not ready|is shutting down)|server has asked for the client to provide credentials/i,
  },
]);

export default defineRule({
  id: 'apiserver-unreachable',
  title: 'The Kubernetes API cannot be reached',
  explains: ['crash-loop', 'unread'],
  causes: [
    ...MECHANISMS,
    'dependency-refused',
    'dependency-timeout',
    'dependency-dns-not-found',
    'tls-verification-failed',
  ],
  actions: ['restart', 'move-off-node'],
  commands: [
    ['See the network pods of the node', 'get pods --all-namespaces -o wide --field-selector=spec.nodeName={node}'],
  ],
  byHand:
    'Check from this node: kube-proxy or its replacement, the CNI, and network policies for the address of the kubernetes Service.',
  judge: (evidence) =>
    fromLog(evidence, DOWN, (hit, k) => {
      if (!speaksOfApiServer(hit.line) || /x509:|is forbidden|certificate (?:has|is|signed|verify)/.test(hit.line.text))
        return undefined;
      const address = /(?<host>\d{1,3}(?:\.\d{1,3}){3}|kubernetes(?:\.[\w.]{1,100})?):(?<port>\d+)/.exec(
        hit.line.text,
      )?.groups;
      return {
        summary: `${k.container.name} cannot reach the Kubernetes API${address ? ` at ${address.host}:${address.port}` : ''}`,
        detail: details({ host: address?.host, port: address?.port }),
        more: probeMechanism(k),
      };
    }),
  doc: {
    looksAt: 'the last words of the program',
    means:
      'The program talks to the Kubernetes API and gets no connection: kube-proxy, CNI, network policy, or the API server itself.',
    fix: 'Restore the way from the pods of this node to the API; pods restart into a working network by themselves.',
    prevention:
      'Exempt the API server in default-deny network policies, and watch kube-proxy and CNI pods on every node.',
    notThis: '403 from the API is rbac-forbidden; a refused connection to another Service is dependency-refused.',
  },
});
