// The ConfigMap or Secret exists, the key that the template asks for does not: the kubelet refuses, or with
// `optional: true` and with files the program starts without it and ends.

import type { ContainerCase } from '../core/case.ts';
import type { Evidence } from '../core/evidence.ts';
import { type Citation, cite, known } from '../core/fact.ts';
import { strengthOf } from '../core/log-signs.ts';
import { nearestName } from '../core/nearest.ts';
import { defineRule, eachCase, type Holds, holds } from '../core/rule.ts';
import { missingFileHits } from './reading/missing-files.ts';
import { isImageFile } from './reading/mounted-file.ts';
import { details } from './reading/said.ts';
import { referenceTo } from './reading/settings.ts';
import { unsetByReference } from './reading/unset-by-reference.ts';

const WHERE = ['cannot-start', 'waits', 'crash-loop', 'unread'] as const;

// kubelet: couldn't find key currency.default in ConfigMap shop/pricing-settings
const NO_KEY = /couldn't find key (?<key>\S{1,253}) in (?<kind>ConfigMap|Secret) (?:[^/\s]+\/)?(?<name>[\w.-]+)/;
// kubelet, volumes: references non-existent config key: app.yaml; references non-existent secret key: tls.key
const NO_FILE = /references non-existent (?<kind>config|secret) key: (?<key>\S{1,253})/;

export default defineRule({
  id: 'config-key-missing',
  title: 'A referenced key does not exist',
  explains: WHERE,
  causes: [
    'env-missing',
    'file-missing',
    'volume-mount-failed',
    'application-error',
    'init-script-failed',
    'entrypoint-completes',
    'config-value-invalid',
  ],
  actions: ['fix-config', 'rollback'],
  byHand:
    'Ask for a key that the ConfigMap or Secret has instead of {key|this one}, or add it there. The nearest is {nearestKey}.',
  judge: (evidence) =>
    eachCase(
      evidence,
      WHERE,
      (k) =>
        byKubelet(evidence, k) ?? unsetByReference(evidence, k, (s) => s.is === 'missing-key') ?? byFile(evidence, k),
    ),
  doc: {
    looksAt: "the kubelet's words before the start, and the keys of every object that the program's last words lead to",
    means: 'The object is there, but it has no key of that name: mostly renamed on one side only.',
    fix: 'Correct the key in the template, or add it to the object.',
    prevention:
      'Check in continuous integration that every key the templates ask for exists: {key|this key} does not. Do not mark a reference `optional` when the program cannot do without it.',
    notThis:
      'A missing object is configmap-missing or secret-missing; a key that is there with a bad value is config-value-invalid.',
  },
});

function byKubelet(evidence: Evidence, k: ContainerCase): Holds | undefined {
  const state = known(k.container.state);
  const said = state?.is === 'waiting' ? state.message : '';
  const waiting = NO_KEY.exec(said);
  if (waiting)
    return finding(
      evidence,
      k,
      waiting.groups ?? {},
      cite(k.container.state, `${state?.is === 'waiting' ? state.reason : ''}: ${said}`, '.waiting.message'),
    );
  if (k.symptom !== 'waits' && k.symptom !== 'cannot-start') return undefined;
  for (const e of [...(known(evidence.events) ?? [])].reverse()) {
    const match = NO_KEY.exec(e.message) ?? NO_FILE.exec(e.message);
    if (!match || (e.container !== '' && e.container !== k.container.name)) continue;
    const volume = /for volume "([^"]+)"/.exec(e.message)?.[1];
    const name = known(evidence.pod.volumes)?.find((v) => v.name === volume)?.from;
    const kind = match.groups?.kind?.toLowerCase().includes('secret') ? 'Secret' : 'ConfigMap';
    const groups = { name, ...match.groups, kind };
    return finding(evidence, k, groups, [{ source: 'event', at: e.at, text: e.message.slice(0, 400) }]);
  }
  return undefined;
}

function finding(
  evidence: Evidence,
  k: ContainerCase,
  named: { [part: string]: string | undefined },
  said: Citation[],
): Holds {
  const { name = '', key = '' } = named;
  const kind = named.kind === 'Secret' ? 'Secret' : 'ConfigMap';
  const object = referenceTo(evidence, kind, name)?.object;
  const keys = object?.state === 'seen' ? object.value.keys : [];
  const nearestKey = nearestName(key, keys);
  const variables = (known(k.container.env) ?? [])
    .filter((e) => e.from?.name === name && e.from.key === key)
    .map((e) => e.name);
  return holds(k, {
    strength: keys.includes(key) ? 'sign' : 'proof',
    summary: `${kind} ${name || 'of the volume'} has no key ${key}${variables.length ? `, which ${variables.join(' and ')} asks for` : ''}${nearestKey ? `; there is ${nearestKey}` : ''}`,
    evidence: [...said, ...(object ? cite(object, `keys: ${keys.join(', ') || 'none'}`, ':data') : [])],
    detail: details({
      container: k.container.name,
      variable: variables[0],
      [kind === 'Secret' ? 'secret' : 'configMap']: name,
      key,
      nearestKey,
    }),
  });
}

/** The file would be made by a key of a mounted object, and the object has no such key. */
function byFile(evidence: Evidence, k: ContainerCase): Holds | undefined {
  for (const { hit, path, file } of missingFileHits(evidence, k)) {
    if (file?.exists !== false || file.objectMissing || !file.kind || isImageFile(path)) continue;
    const name = file.volume.from;
    return holds(k, {
      strength: strengthOf(hit, k),
      summary: `${path} is not there: ${file.kind} ${name}, mounted at ${file.mount.path}, has no such key${file.nearestKey ? `; it has ${file.nearestKey}` : ''}`,
      evidence: [hit.citation, ...file.citations],
      detail: details({
        container: k.container.name,
        file: path,
        [file.kind === 'Secret' ? 'secret' : 'configMap']: name,
        key: file.key || path.slice(path.lastIndexOf('/') + 1),
        nearestKey: file.nearestKey,
      }),
    });
  }
  return undefined;
}
