// What an API server answers to one request, in one line, as far as servers of different versions agree on it: the status, the
// reason, whom it is about, and which fields it does not like. Its words are left out: they change.
import type { Reply } from './cluster-double.ts';

export type Send = (method: string, path: string, body?: unknown, contentType?: string) => Promise<Reply>;

export function told({ status, json }: Reply): string {
  if (json?.kind !== 'Status' || json.status === 'Success') return `${status} ${json?.kind ?? ''}`.trim();
  const { reason, details = {} } = json;
  const { kind, group, name, causes = [] } = details;
  const about = kind ? ` ${group ? `${kind}.${group}` : kind}/${name ?? ''}` : '';
  const fields = [...new Set(causes.map((c: { field?: string; reason: string }) => ` ${c.field ?? ''}:${c.reason}`))];
  return `${status} ${reason}${about}${fields.join('')}`;
}
