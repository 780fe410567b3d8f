// A database, broker or API was reached and does not accept the credentials, the user or the method.

import type { ContainerCase } from '../core/case.ts';
import { type Citation, cite, known } from '../core/fact.ts';
import type { LogHit } from '../core/log-signs.ts';
import { defineRule } from '../core/rule.ts';
import { spoken } from './reading/address.ts';
import { dependencyOf, MECHANISMS } from './reading/dependency.ts';
import { details, fromLog, linesAround } from './reading/said.ts';
import { speaksOfApiServer } from './vocabulary/api-server.ts';
import { CREDENTIALS } from './vocabulary/credentials.ts';

export default defineRule({
  id: 'dependency-auth-failed',
  title: 'A dependency rejects the credentials',
  explains: ['crash-loop', 'unread'],
  causes: [
    ...MECHANISMS,
    'dependency-timeout',
    'dependency-refused',
    'dependency-connections-exhausted',
    'migration-failed',
  ],
  actions: ['fix-config', 'rollback'],
  byHand:
    'Compare user and password that {container} uses with what {host|the server} knows; correct the Secret and restart.',
  judge: (evidence) =>
    fromLog(evidence, CREDENTIALS, (hit, k) => {
      if (
        /pull access|docker login|(?:docker|container|image) registry|\bregistry(?:-1)?\.\w|\/v2\//i.test(
          hit.line.text,
        ) ||
        keyTooOpen(hit, k) ||
        (speaksOfApiServer(hit.line) && /system:serviceaccount/.test(hit.line.text))
      )
        return undefined;
      const dependency = dependencyOf(hit, k, evidence);
      const g = hit.groups;
      const user = g.user ?? g.user2;
      const secret = secretOf(k);
      const who = user ? `the user ${user}` : g.database ? `the database ${g.database}` : 'the credentials';
      return {
        summary: `${spoken(dependency)} was reached and rejects ${user ? who : `${who} of ${k.container.name}`}`,
        detail: { ...dependency.detail, ...details({ user, database: g.database }), ...secret?.detail },
        more: [...dependency.more, ...(secret?.citation ?? [])],
      };
    }),
  doc: {
    looksAt: 'the last words of the program',
    means: 'The dependency answers, so network and address are right; user, password, database or method are not.',
    fix: 'Correct the Secret, or the user at the dependency. Environment variables from a Secret are read only at the start of a pod.',
    prevention:
      'Rotate the credentials of {host|the server} in both places in one step, and restart {container} with every change of the Secret {secret|that holds them} (a checksum annotation on the template does that).',
    notThis: 'A refused connection never reached the login; 403 from the Kubernetes API is rbac-forbidden.',
  },
});

/** ssh ignores a private key that others may read, and is refused for want of a key. */
function keyTooOpen(hit: LogHit, k: ContainerCase): boolean {
  return (
    /publickey/.test(hit.line.text) &&
    linesAround(k, hit.line.n, 12, 0).some((l) => /UNPROTECTED PRIVATE KEY/.test(l.raw))
  );
}

/** The Secret that the credentials come from: a variable that is named like one, or the only Secret read whole. */
function secretOf(k: ContainerCase): { detail: { [name: string]: string }; citation: Citation[] } | undefined {
  const entries = known(k.container.env) ?? [];
  const secrets = entries.filter((e) => e.from?.kind === 'Secret');
  const entry = secrets.find((e) => /PASS|PWD|SECRET|TOKEN|KEY|CREDENTIAL/i.test(e.name)) ?? secrets[0];
  if (entry?.from) {
    return {
      detail: { secret: entry.from.name, key: entry.from.key, variable: entry.name },
      citation: cite(
        k.container.env,
        `${entry.name} comes from Secret ${entry.from.name}, key ${entry.from.key}`,
        `[${entries.indexOf(entry)}]`,
      ),
    };
  }
  const from = (known(k.container.envFrom) ?? []).filter((e) => e.kind === 'Secret');
  const [only] = from;
  if (!only || from.length > 1) return undefined;
  return {
    detail: { secret: only.name },
    citation: cite(k.container.envFrom, `variables come from Secret ${only.name}`),
  };
}
