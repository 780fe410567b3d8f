// What the security context takes away from the process.

import type { ContainerCase } from '../../core/case.ts';
import { type Citation, cite, known } from '../../core/fact.ts';
import { at, flag, list, words } from '../../core/json.ts';

/** Names under capabilities.drop, upper case, without CAP_. */
export function droppedCapabilities(k: ContainerCase): string[] {
  const context = known(k.container.securityContext);
  const names = (field: string): string[] =>
    list(at(context, 'capabilities', field)).map((c) => (words(c) ?? '').toUpperCase().replace(/^CAP_/, ''));
  const added = new Set(names('add'));
  return added.has('ALL') ? [] : names('drop').filter((c) => !added.has(c));
}

export function addedCapabilities(k: ContainerCase): string[] {
  return list(at(known(k.container.securityContext), 'capabilities', 'add')).map((c) =>
    (words(c) ?? '').toUpperCase().replace(/^CAP_/, ''),
  );
}

export function forbidsEscalation(k: ContainerCase): boolean {
  return flag(at(known(k.container.securityContext), 'allowPrivilegeEscalation')) === false;
}

export function citeCapabilities(k: ContainerCase): Citation[] {
  const dropped = droppedCapabilities(k);
  const said = [
    ...(dropped.length ? [`capabilities.drop [${dropped.join(', ')}]`] : []),
    ...(forbidsEscalation(k) ? ['allowPrivilegeEscalation false'] : []),
  ];
  return said.length ? cite(k.container.securityContext, said.join(', ')) : [];
}
