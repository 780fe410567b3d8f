// The pods behind Services where nothing is ready: what this workload may be waiting for.

import { mostBroken } from '../brokenness.ts';
import { at, list, object, text } from '../json.ts';
import type { KubeObject } from '../snapshot.ts';
import { type Look, nameOf, namespaceOf, ownerChain } from './look.ts';
import { podsBehind } from './services.ts';
import { isReady } from './siblings.ts';

const MOST = 5;
const SPOKEN_LENGTH = 64_000;

/**
 * The most broken pod behind each Service that has pods and none ready, those Services first that the workload speaks of.
 * Its own Services are not among them.
 */
export function troubledBackends(look: Look, own: KubeObject): { services: string[]; pod: KubeObject }[] {
  const namespace = namespaceOf(own);
  const family = familyOf(look, own);
  const found = new Map<KubeObject, string[]>();
  for (const service of bySpeech(look, own, look.all('Service'))) {
    const place = namespaceOf(service) || namespace;
    const pods = podsBehind(look, service, place);
    if (pods.length === 0 || pods.some((pod) => isReady(pod) || familyOf(look, pod) === family)) continue;
    const pod = mostBroken(pods);
    if (!pod || (!found.has(pod) && found.size === MOST)) continue;
    const name = place === namespace ? nameOf(service) : `${nameOf(service)}.${place}`;
    found.set(pod, [...(found.get(pod) ?? []), name]);
  }
  return [...found].map(([pod, services]) => ({ services, pod }));
}

/** Pods of one workload share it. */
function familyOf(look: Look, member: KubeObject): string {
  const top = ownerChain(look, member).at(-1);
  return top ? `${top.kind}/${top.name}` : `${member.kind}/${nameOf(member)}`;
}

function bySpeech(look: Look, own: KubeObject, services: KubeObject[]): KubeObject[] {
  if (services.length <= MOST) return services;
  const said = look.snapshot.logs.filter((log) => log.pod === nameOf(own)).map((log) => log.text.slice(-SPOKEN_LENGTH));
  const spoken = [JSON.stringify(object(own.spec)), ...said].join('\n');
  const words = new Set(spoken.split(/[^\w-]+/));
  const named = (service: KubeObject): boolean =>
    words.has(nameOf(service)) ||
    [at(service, 'spec', 'clusterIP'), ...list(at(service, 'spec', 'clusterIPs'))].some(
      (ip) => (text(ip)?.length ?? 0) > 6 && spoken.includes(text(ip) ?? ''),
    );
  return [...services.filter(named), ...services.filter((service) => !named(service))];
}
