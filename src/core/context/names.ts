// "Did you mean REDIS_HOST?": the nearest name that exists to one that does not.

import type { Evidence } from '../evidence.ts';
import { known } from '../fact.ts';
import { nearestName } from '../nearest.ts';
import type { Cause, ContextFact } from '../report.ts';

/** Causes about a variable, key or object that is not there. */
const NOT_THERE = [
  'env-missing',
  'config-key-missing',
  'configmap-missing',
  'secret-missing',
  'service-account-missing',
];

export function nearest(evidence: Evidence, first: Cause | undefined): ContextFact[] {
  if (!first || !NOT_THERE.includes(first.cause)) return [];
  const { variable, key, nearestKey, nearestName: near, configMap, secret } = first.detail;
  const found = nearestKey ?? near ?? nearVariable(evidence, first);
  const wanted = near ? (configMap ?? secret) : (key ?? variable);
  if (!found || !wanted || found === wanted) return [];
  const at = first.evidence.find((e) => e.text.includes(found))?.at ?? first.evidence.at(-1)?.at ?? '';
  return [{ kind: 'nearest-name', text: `did you mean ${found}? There is no ${wanted}`, at }];
}

/** A variable that the template does set, by itself or through a whole ConfigMap. */
function nearVariable(evidence: Evidence, { detail, container }: Cause): string | undefined {
  const own = evidence.containers.find((c) => c.name === container);
  if (!detail.variable || !own) return undefined;
  const names = (known(own.env) ?? []).map((e) => e.name);
  for (const from of known(own.envFrom) ?? []) {
    const object = evidence.references.find((r) => r.kind === from.kind && r.name === from.name)?.object;
    names.push(...((object && known(object)?.keys) ?? []).map((key) => from.prefix + key));
  }
  return nearestName(detail.variable, names);
}
