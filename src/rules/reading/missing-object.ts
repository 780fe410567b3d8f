// A ConfigMap or Secret that the template names and that does not exist: the kubelet says so before the container
// starts, the API server says so when asked, and a program says so when it reads the object itself.

import type { ContainerCase } from '../../core/case.ts';
import type { Reference } from '../../core/evidence/around.ts';
import type { Evidence } from '../../core/evidence.ts';
import { type Citation, cite, citeAbsence, known } from '../../core/fact.ts';
import { logHits, signTable, strengthOf } from '../../core/log-signs.ts';
import { nearestName } from '../../core/nearest.ts';
import { type Holds, holds } from '../../core/rule.ts';
import { missingFileHits } from './missing-files.ts';
import { details } from './said.ts';
import { unsetByReference } from './unset-by-reference.ts';

type Kind = 'ConfigMap' | 'Secret';

const IN_WORDS = {
  ConfigMap: /\b(?:configmaps?|config map) "(?<name>[^"/]{1,253})" not found/i,
  Secret: /\bsecrets? "(?<name>[^"/]{1,253})" not found/i,
};
const IN_LOG = {
  ConfigMap: signTable([
    { who: 'client-go, kubernetes clients', pattern: /\bconfigmaps? \\?"(?<name>[a-z0-9.-]{1,253})\\?" not found/i },
  ]),
  Secret: signTable([
    { who: 'client-go, kubernetes clients', pattern: /\bsecrets? \\?"(?<name>[a-z0-9.-]{1,253})\\?" not found/i },
  ]),
};

/** One finding per missing object that keeps this container from its start, or that its last words are about. */
export function missingObjects(evidence: Evidence, kind: Kind, k: ContainerCase): Holds[] {
  if (k.symptom === 'cannot-start' || k.symptom === 'waits') return beforeStart(evidence, kind, k);
  const own =
    unsetByReference(evidence, k, (s) => s.is === 'missing-object' && s.kind === kind) ??
    byFile(evidence, kind, k) ??
    byProgram(evidence, kind, k);
  return own ? [own] : [];
}

function beforeStart(evidence: Evidence, kind: Kind, k: ContainerCase): Holds[] {
  const state = known(k.container.state);
  const waiting = state?.is === 'waiting' ? state.message : '';
  const named = new Map<string, Citation[]>();
  const note = (text: string, citations: Citation[]): void => {
    const name = IN_WORDS[kind].exec(text)?.groups?.name;
    if (name) named.set(name, [...(named.get(name) ?? []), ...citations].slice(0, 2));
  };
  note(
    waiting,
    cite(k.container.state, `${state?.is === 'waiting' ? state.reason : ''}: ${waiting}`, '.waiting.message'),
  );
  for (const e of (known(evidence.events) ?? []).filter(isAboutStart).reverse())
    if (e.container === '' || e.container === k.container.name)
      note(e.message, [{ source: 'event', at: e.at, text: e.message.slice(0, 400) }]);
  const scheduled = evidence.pod.nodeName.state === 'seen';
  for (const r of referencesOf(evidence, kind, k))
    if (r.object.state === 'absent' && !r.optional && scheduled && !named.has(r.name)) named.set(r.name, []);
  return [...named].map(([name, said]) => finding(evidence, kind, k, name, said));
}

function isAboutStart(e: { reason: string; type: string }): boolean {
  return /FailedMount|Failed|CreateContainer|FailedCreate/i.test(e.reason);
}

/** References of this container and of the volumes, which every container waits for. */
function referencesOf(evidence: Evidence, kind: Kind, k: ContainerCase): Reference[] {
  return evidence.references.filter(
    (r) => r.kind === kind && (r.usedAt.startsWith(k.container.specAt) || r.usedAt.includes('.volumes[')),
  );
}

function finding(evidence: Evidence, kind: Kind, k: ContainerCase, name: string, said: Citation[]): Holds {
  const references = evidence.references.filter((r) => r.kind === kind && r.name === name);
  const others = evidence.references.filter((r) => r.kind === kind && r.object.state === 'seen').map((r) => r.name);
  const near = nearestName(name, others);
  const absence = references.flatMap((r) => citeAbsence(r.object, `${kind} ${name} does not exist`)).slice(0, 1);
  const existsNow = references.some((r) => r.object.state === 'seen');
  const used: Citation[] = references.slice(0, 1).map((r) => ({
    source: 'spec',
    at: r.usedAt,
    text: `${r.usedAt.includes('.volumes[') ? 'a volume' : 'an environment variable'} comes from ${kind} ${name}`,
  }));
  return holds(k, {
    strength: existsNow ? 'sign' : 'proof',
    summary: existsNow
      ? `${kind} ${name} was missing when ${k.container.name} should start; it exists by now`
      : `${kind} ${name} does not exist, and ${k.container.name} cannot start without it${near ? `; there is ${near}` : ''}`,
    evidence: [...said, ...absence, ...used],
    detail: details({
      container: k.container.name,
      [kind === 'ConfigMap' ? 'configMap' : 'secret']: name,
      nearestName: near,
    }),
  });
}

function byFile(evidence: Evidence, kind: Kind, k: ContainerCase): Holds | undefined {
  for (const { hit, path, file } of missingFileHits(evidence, k)) {
    if (!file?.objectMissing || file.kind !== kind) continue;
    const name = file.volume.from;
    return holds(k, {
      strength: strengthOf(hit, k),
      summary: `${path} is missing: the volume comes from ${kind} ${name}, which does not exist`,
      evidence: [
        hit.citation,
        ...file.citations,
        ...evidence.references
          .filter((r) => r.kind === kind && r.name === name)
          .flatMap((r) => citeAbsence(r.object, `${kind} ${name} does not exist`))
          .slice(0, 1),
      ],
      detail: details({
        container: k.container.name,
        file: path,
        [kind === 'ConfigMap' ? 'configMap' : 'secret']: name,
      }),
    });
  }
  return undefined;
}

function byProgram(_: Evidence, kind: Kind, k: ContainerCase): Holds | undefined {
  const hit = logHits(k, IN_LOG[kind])[0];
  if (!hit || hit.position === 'earlier') return undefined;
  const name = hit.groups.name ?? '';
  return holds(k, {
    strength: strengthOf(hit, k),
    summary: `${kind} ${name}, which ${k.container.name} reads itself, does not exist`,
    evidence: [hit.citation],
    detail: details({ container: k.container.name, [kind === 'ConfigMap' ? 'configMap' : 'secret']: name }),
  });
}
