// The dependency that a cause names, compared with the Services of the cluster: is there one, does it serve that port, is
// anything ready behind it?

import type { ServiceEvidence } from '../evidence/around.ts';
import type { Evidence } from '../evidence.ts';
import { known } from '../fact.ts';
import { type Host, hostIn, isAddress, qualified, serviceMeant, serviceNameOf } from '../host.ts';
import { nearestName } from '../nearest.ts';
import type { Cause, ContextFact, Root } from '../report.ts';

export function dependency(evidence: Evidence, first: Cause | undefined, root: Root | undefined): ContextFact[] {
  const named = first?.detail.host ?? first?.detail.service ?? '';
  if (!first || named === '' || evidence.services.state !== 'seen') return [];
  const host = hostIn(named);
  const port = host.port ?? (Number(first.detail.port) || undefined);
  const service = serviceMeant(host, evidence);
  const facts = service ? told(service, port, evidence) : missing(host, evidence);
  return [...facts, ...(root ? [chain(root)] : [])];
}

function told(service: ServiceEvidence, port: number | undefined, evidence: Evidence): ContextFact[] {
  const at = `services[${qualified(service, evidence)}]`;
  const fact = (text: string): ContextFact => ({ kind: 'dependency', text, at });
  const name = `Service ${qualified(service, evidence)}`;
  if (service.externalName) return [fact(`${name} leads out of the cluster, to ${service.externalName}`)];
  const facts = [fact(`${name} ${readiness(service)}${service.trouble ? ` (${service.trouble})` : ''}`)];
  if (port !== undefined && service.ports.length > 0 && !service.ports.includes(port) && !servesOnPods(service))
    facts.push(fact(`${name} serves port ${service.ports.join(', ')}, not ${port}`));
  return facts;
}

/** A headless Service forwards nothing: every port of its pods can be reached. */
function servesOnPods(service: ServiceEvidence): boolean {
  return service.clusterIP === 'None' || service.clusterIP === '';
}

function readiness({ readyEndpoints, endpoints, scaledToZero, selector }: ServiceEvidence): string {
  if (readyEndpoints === 0 && scaledToZero) return `has no ready endpoint: ${scaledToZero} is scaled to 0`;
  const wanted = Object.entries(selector).map(([key, value]) => `${key}=${String(value)}`);
  if (endpoints === 0 && wanted.length) return `has no ready endpoint: no pod has the labels ${wanted.join(', ')}`;
  if (readyEndpoints === 0) return 'has no ready endpoint';
  return readyEndpoints === undefined ? 'exists' : `has ${readyEndpoints} ready`;
}

function missing(host: Host, evidence: Evidence): ContextFact[] {
  if (isAddress(host.name)) return [];
  const meant = serviceNameOf(host.name, evidence);
  if (!meant || (meant.namespace !== evidence.namespace && !namespaceWasRead(meant.namespace, evidence))) return [];
  const names = (known(evidence.services) ?? []).filter((s) => s.namespace === meant.namespace).map((s) => s.name);
  const near = nearestName(meant.service, names);
  return [
    {
      kind: 'dependency',
      text: `no Service ${meant.service} in ${meant.namespace}${near ? `; there is ${near}` : ''}`,
      at: 'services',
    },
  ];
}

function namespaceWasRead(namespace: string, evidence: Evidence): boolean {
  return (known(evidence.services) ?? []).some((s) => s.namespace === namespace);
}

function chain({ through, cause, summary, evidence, target }: Root): ContextFact {
  return {
    kind: 'dependency',
    text: `${through.join(' → ')}: ${cause}, ${summary}`,
    at: evidence[0]?.at ?? `Pod/${target.pod}:status`,
  };
}
