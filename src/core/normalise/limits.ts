// What a namespace allows: its quotas and limit ranges.

import type { LimitRangeEvidence, QuotaEvidence } from '../evidence/around.ts';
import { type Fact, seen, unread } from '../fact.ts';
import { at, objects, stringMap, strings, text } from '../json.ts';
import type { KubeObject } from '../snapshot.ts';
import { type Look, nameOf } from './look.ts';

export function quotasOf(look: Look, namespace: string): Fact<QuotaEvidence[]> {
  const why = look.whyUnread('ResourceQuota');
  if (why !== undefined) return unread('reference', 'resourcequotas', why);
  const quotas = look.all('ResourceQuota', namespace).map((q) => ({
    name: nameOf(q),
    hard: stringMap(at(q, 'status', 'hard') ?? at(q, 'spec', 'hard')),
    used: stringMap(at(q, 'status', 'used')),
    scopes: scopesOf(q),
  }));
  return seen(quotas, 'reference', 'resourcequotas');
}

function scopesOf(quota: KubeObject): QuotaEvidence['scopes'] {
  const plain = strings(at(quota, 'spec', 'scopes')).map((name) => ({ name, operator: 'Exists', values: [] }));
  const selected = objects(at(quota, 'spec', 'scopeSelector', 'matchExpressions')).map((one) => ({
    name: text(one.scopeName) ?? '',
    operator: text(one.operator) ?? '',
    values: strings(one.values),
  }));
  return [...plain, ...selected];
}

export function limitRangesOf(look: Look, namespace: string): Fact<LimitRangeEvidence[]> {
  const why = look.whyUnread('LimitRange');
  if (why !== undefined) return unread('reference', 'limitranges', why);
  const ranges = look
    .all('LimitRange', namespace)
    .map((r) => ({ name: nameOf(r), limits: objects(at(r, 'spec', 'limits')) }));
  return seen(ranges, 'reference', 'limitranges');
}
