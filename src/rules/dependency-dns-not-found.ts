// A dependency's name does not resolve.

import type { Evidence } from '../core/evidence.ts';
import { type Citation, cite, known } from '../core/fact.ts';
import { defineRule } from '../core/rule.ts';
import { isBareIp } from './reading/address.ts';
import { dependencyOf, isAside, isTelemetry, MECHANISMS } from './reading/dependency.ts';
import { fromLog } from './reading/said.ts';
import { DNS } from './vocabulary/dns.ts';

export default defineRule({
  id: 'dependency-dns-not-found',
  title: "A dependency's name does not resolve",
  explains: ['crash-loop', 'unread'],
  causes: [
    ...MECHANISMS,
    'dependency-timeout',
    'dependency-refused',
    'dependency-connections-exhausted',
    'config-malformed',
    'config-value-invalid',
  ],
  actions: ['restart', 'rollback'],
  commands: [['Ask for the name from the pod', 'debug {pod} -n {namespace} -it --image=busybox -- nslookup {host}']],
  byHand:
    'Correct the name {host|that does not resolve}, or create the Service of that name; check the namespace in the name.',
  judge: (evidence) =>
    fromLog(evidence, DNS, (hit, k) => {
      const { host, port, more, detail } = dependencyOf(hit, k, evidence);
      // "docker.io: not found" and the like: a host that is an address needs no resolving.
      if (isBareIp(host) || isAside(hit, k)) return undefined;
      return {
        summary: host
          ? `the name ${host} does not resolve for ${k.container.name}`
          : `${k.container.name} cannot resolve the name of a dependency${port ? ` (port ${port})` : ''}`,
        detail,
        more: [...more, ...noSuchService(host, evidence)],
        ...(isTelemetry(hit) ? { strength: 'sign' as const, more: [] } : {}),
      };
    }),
  doc: {
    looksAt: 'the last words of the program, and the Services of the cluster',
    means:
      'DNS has no address for the name: the Service does not exist, lives in another namespace, or the name is misspelt; or DNS itself does not answer.',
    fix: 'Correct the name or create what it names. With "Temporary failure" look at CoreDNS and at network policies for port 53 too.',
    prevention:
      'Check in the pipeline that every host {container} is given resolves in the target cluster: {host|this one} did not.',
    notThis: 'A name that resolves to an address that refuses or does not answer.',
  },
});

/** "There is no such Service" is said only when the Services of that namespace were read. */
function noSuchService(host: string, evidence: Evidence): Citation[] {
  const services = known(evidence.services);
  const [name = '', namespace = evidence.namespace, kind = 'svc'] = host.split('.');
  if (!services || name === '' || kind !== 'svc') return [];
  const readable = services.some((s) => s.namespace === namespace) || namespace === evidence.namespace;
  if (!readable || services.some((s) => s.name === name && s.namespace === namespace)) return [];
  return cite(evidence.services, `no Service ${name} in namespace ${namespace}`);
}
