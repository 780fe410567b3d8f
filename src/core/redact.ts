// Takes secrets out of cluster text, once, at the one door through which it enters. Lines, names, users, hosts and
// ports stay: they are evidence. A second pass changes nothing, and a ledger says what was taken where.

import type { Redaction } from './redact/hits.ts';
import { hide, inOrder } from './redact/hits.ts';
import { knownSecrets, occurrences } from './redact/known-secrets.ts';
import { type Redactor, redactObject } from './redact/objects.ts';
import { redactString } from './redact/text.ts';
import type { KubeObject, Snapshot } from './snapshot.ts';

export type { Redaction } from './redact/hits.ts';

/** One text without its secrets; `at` of the ledger is "text". */
export function redactText(text: string): { text: string; removed: Redaction[] } {
  const removed: Redaction[] = [];
  return { text: redactString(text, 'text', removed), removed };
}

/** A copy of the snapshot without secrets, and the ledger of what was removed. */
export function redactSnapshot(snapshot: Snapshot): { snapshot: Snapshot; ledger: Redaction[] } {
  const ledger: Redaction[] = [];
  const redactor = redactorFor(snapshot, ledger);
  const redacted: Snapshot = {
    ...snapshot,
    objects: snapshot.objects.map((object) => redactObject(object, redactor)) as KubeObject[],
    logs: snapshot.logs.map((log) => ({
      ...log,
      text: redactor.string(log.text, `log.${log.run}/${log.pod}/${log.container}`),
    })),
    unread: snapshot.unread.map((part) => ({ ...part, why: redactor.string(part.why, part.at) })),
    templateHashes: { ...snapshot.templateHashes },
  };
  return { snapshot: redacted, ledger };
}

function redactorFor(snapshot: Snapshot, removed: Redaction[]): Redactor {
  const { secrets, highest } = knownSecrets(snapshot);
  const numbers = new Map<string, number>();
  return {
    removed,
    string: (value, at) => {
      const known = secrets.length === 0 ? value : hide(value, inOrder(occurrences(value, secrets)), at, removed);
      return redactString(known, at, removed);
    },
    numbered: (value) => {
      if (/^‹hidden \d{1,9}›$/.test(value)) return value;
      const number = numbers.get(value) ?? highest + numbers.size + 1;
      numbers.set(value, number);
      return `‹hidden ${number}›`;
    },
  };
}
