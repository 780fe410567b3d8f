import type { Snapshot } from './snapshot.ts';

export function redactSnapshot(snapshot: Snapshot): { snapshot: Snapshot; ledger: never[] } {
  return { snapshot, ledger: [] };
}
