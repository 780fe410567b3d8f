// labelSelector and fieldSelector as the API server reads them: the same operators, and only the fields that it supports per kind.
import type { KubeObject, Resource } from './kinds.ts';
import { badRequest } from './status-errors.ts';

export type Matches = (object: KubeObject) => boolean;

const requirement = /^\s*(!?)\s*([\w./-]+)\s*(?:(==|=|!=|\bin\b|\bnotin\b)\s*(?:\(([^)]*)\)|([\w.-]*)))?\s*$/;

/** Commas inside parentheses belong to a set. */
const parts = (selector: string): string[] => selector.match(/(?:[^,(]|\([^)]*\))+/g) ?? [];

export function labelMatcher(selector: string): Matches {
  const tests = parts(selector).map((part): ((labels: Record<string, string>) => boolean) => {
    const found = requirement.exec(part);
    if (!found) throw badRequest(`unable to parse requirement: found '${part.trim()}', expected: a label requirement`);
    const [, not, key = '', operator, list, single] = found;
    if (!operator) return (labels) => key in labels !== (not === '!');
    const values = (list ?? single ?? '').split(',').map((v) => v.trim());
    const wanted = operator === '=' || operator === '==' || operator === 'in';
    // As in Kubernetes, an object without the label satisfies != and notin.
    return (labels) => (key in labels ? values.includes(labels[key] ?? '') === wanted : !wanted);
  });
  return (object) => tests.every((test) => test(object.metadata.labels ?? {}));
}

const supported: Partial<Record<Resource, string[]>> = {
  pods: [
    'spec.nodeName',
    'spec.restartPolicy',
    'spec.schedulerName',
    'spec.serviceAccountName',
    'status.phase',
    'status.podIP',
  ],
  events: [
    ...['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath'].flatMap((f) => [
      `involvedObject.${f}`,
      `regarding.${f}`,
    ]),
    'reason',
    'reportingComponent',
    'source',
    'type',
  ],
  nodes: ['spec.unschedulable'],
  namespaces: ['status.phase'],
  secrets: ['type'],
  'replicasets.apps': ['status.replicas'],
  'jobs.batch': ['status.successful'],
};

const valueAt = (object: KubeObject, field: string): string => {
  if (field === 'source') return valueAt(object, 'source.component');
  const path = field.replace(/^regarding\./, 'involvedObject.').split('.');
  let value: unknown = object;
  for (const step of path) value = (value as Record<string, unknown> | undefined)?.[step];
  return value === undefined || value === null ? '' : String(value);
};

export function fieldMatcher(resource: Resource, selector: string): Matches {
  const allowed = ['metadata.name', 'metadata.namespace', ...(supported[resource] ?? [])];
  const tests = selector
    .split(',')
    .filter(Boolean)
    .map((part): Matches => {
      const [, field = '', operator, value = ''] = /^([\w.]+)(==|=|!=)(.*)$/.exec(part.trim()) ?? [];
      if (!operator) throw badRequest(`invalid selector: '${part}'; can't understand '${part}'`);
      if (!allowed.includes(field)) throw badRequest(`field label not supported: ${field}`);
      return (object) => (valueAt(object, field) === value) === (operator !== '!=');
    });
  return (object) => tests.every((test) => test(object));
}

/** The one name that a selector pins, which RBAC then treats as the name asked for. */
export const pinnedName = (selector: string): string | undefined =>
  /(?:^|,)metadata\.name==?([^,]+)/.exec(selector)?.[1];
