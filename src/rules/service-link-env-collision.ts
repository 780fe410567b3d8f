// Kubernetes injects NAME_PORT=tcp://… for every Service of the namespace; a program that reads a setting of the same
// name takes it for its own.

import type { ContainerCase } from '../core/case.ts';
import type { Evidence } from '../core/evidence.ts';
import { type Citation, cite, known } from '../core/fact.ts';
import { type LogHit, logHits, signTable, strengthOf } from '../core/log-signs.ts';
import { defineRule, eachCase, type Holds, holds } from '../core/rule.ts';
import { details, SPOKEN } from './reading/said.ts';

const LINK = signTable([
  {
    who: 'any program',
    pattern: /(?<value>(?:tcp|udp):\/\/(?<ip>\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-f:]{2,40}\]):(?<port>\d{1,5}))/,
  },
  {
    who: 'any program',
    pattern:
      /(?<name>[A-Z][A-Z0-9]{0,40}(?:_[A-Z0-9]{1,30}){0,6}_PORT)(?<value>)\b.{0,80}(?:tcp:\/\/|invalid|not a|must be|parse|integer|number)/,
    weak: true,
  },
  {
    // Their entrypoints refuse PORT settings of old, which nobody sets but a Service of the same name.
    who: 'Confluent images',
    pattern:
      /^(?<name>(?:[A-Z_]{1,40}_)?PORT)(?<value>) is deprecated\. Please use |^port(?<kafka>) is deprecated\. Please use KAFKA/i,
  },
]);
const COMPLAINT =
  /invalid|pars|number|integer|convert|format|not a|must be|illegal|unable|error|cannot|could not|wrong|expected|syntax|exception|fail/i;

export default defineRule({
  id: 'service-link-env-collision',
  title: 'A Service overrides a setting',
  explains: SPOKEN,
  causes: [
    'application-error',
    'init-script-failed',
    'config-value-invalid',
    'config-malformed',
    'entrypoint-completes',
    'flag-unknown',
    'env-missing',
    'port-in-use',
  ],
  actions: ['disable-service-links'],
  byHand:
    'Set enableServiceLinks: false in the pod template, so that no Service makes variables there, or give {variable|the variable} a value of its own.',
  judge: (evidence) => eachCase(evidence, SPOKEN, (k) => judge(evidence, k)),
  doc: {
    looksAt:
      'an address like tcp://10.0.0.1:6379 where a program expects a number or a name, the Services of the namespace, and enableServiceLinks',
    means: 'A Service of this namespace has a name that makes variables which the program reads as its own settings.',
    fix: 'Switch service links off for the pod: names still resolve through DNS.',
    prevention:
      'Set enableServiceLinks: false in the template unless the program reads what Services inject: {variable|a variable like NAME_PORT} is made by {service|a Service of the namespace}.',
    notThis: 'The same words about a value that the template itself sets: that is config-value-invalid.',
  },
});

function judge(evidence: Evidence, k: ContainerCase): Holds | undefined {
  if (known(evidence.pod.enableServiceLinks) === false) return undefined;
  for (const hit of logHits(k, LINK)) {
    if (
      (hit.sign.who === 'any program' && !COMPLAINT.test(hit.line.text)) ||
      /proxy|dial|listening|docker/i.test(hit.line.text)
    )
      continue;
    const found = finding(evidence, k, hit);
    if (found) return found;
  }
  return undefined;
}

function finding(evidence: Evidence, k: ContainerCase, hit: LogHit): Holds | undefined {
  const services = known(evidence.services) ?? [];
  const { value = '', ip, kafka } = hit.groups;
  const name = kafka === undefined ? hit.groups.name : 'KAFKA_PORT';
  const entries = known(k.container.env) ?? [];
  const own = entries.find((e) => (value !== '' && e.value === value) || (name !== undefined && e.name === name));
  if (own) return undefined;
  const service = services.find(
    (s) => (ip !== undefined && s.clusterIP === ip) || (name !== undefined && `${prefix(s.name)}_PORT` === name),
  );
  if (hit.sign.weak && !service) return undefined;
  const variable = name ?? (service ? `${prefix(service.name)}_PORT` : '');
  const more: Citation[] = [
    ...(service
      ? [
          {
            source: 'reference' as const,
            at: `${evidence.services.at}[${service.name}]`,
            text: `Service ${service.name} is ${service.clusterIP}`,
          },
        ]
      : []),
    ...cite(evidence.pod.enableServiceLinks, 'enableServiceLinks: true'),
  ];
  return holds(k, {
    strength: strengthOf({ ...hit, sign: { ...hit.sign, weak: false } }, k),
    summary: `${service ? `Service ${service.name} makes` : 'A Service of this namespace makes'} ${variable ? `the variable ${variable}` : 'a variable'} with ${value || 'its address'}, and ${k.container.name} takes it for a setting of its own`,
    evidence: [hit.citation, ...more],
    detail: details({ container: k.container.name, variable, service: service?.name, value }),
  });
}

function prefix(service: string): string {
  return service.toUpperCase().replace(/-/g, '_');
}
