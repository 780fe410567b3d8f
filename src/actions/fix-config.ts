// Corrects what a workload reads from a ConfigMap or Secret: the reference, where the key has another name, or one key of
// the ConfigMap, copied from its neighbour and followed by a restart, since variables are read at the start only.
// Values are never part of a plan: it holds names and a hash.

import { defineAction, type PlanInput } from '../core/action.ts';
import type { Now } from '../core/change.ts';
import type { Reference } from '../core/evidence/around.ts';
import type { ContainerEvidence } from '../core/evidence/container.ts';
import { known } from '../core/fact.ts';
import type { Edit, Plan, Refusal } from '../core/plan.ts';
import type { Question } from '../core/report.ts';
import { isSecretName, whyNotTyped } from '../core/typed-value.ts';
import { command, thenRestart } from './by-hand.ts';
import { keyChange, keyPlan, keyUndo, usersOf } from './config-key.ts';
import { changeByEdits } from './edit.ts';
import { type Changeable, changeable } from './target.ts';
import { listOf, TEMPLATE_PERMISSIONS, templatePlan, undoByEdits } from './template.ts';

export default defineAction({
  id: 'fix-config',
  title: 'Correct the configuration',
  risk: 'medium',
  permissions: [
    ...TEMPLATE_PERMISSIONS,
    { apiGroup: '', resource: 'configmaps', verbs: ['get', 'patch'] },
    ...['jobs', 'cronjobs'].map((resource) => ({ apiGroup: 'batch', resource, verbs: ['list'] })),
  ],
  plan: planFix,
  choices: () => [{ how: 'key' }, { how: 'reference' }],
  asks,
  change: (plan: Plan, now: Now) => (plan.intent.configMap ? keyChange(plan, now) : changeByEdits(plan, now)),
  undo: (plan) => (plan.intent.configMap ? keyUndo(plan) : undoReference(plan)),
  complete: (plan, now) => (plan.intent.configMap ? usersOf(plan, now) : plan),
});

function planFix(input: PlanInput): Plan | Refusal {
  const found = changeable(input, 'A corrected configuration');
  if ('refusal' in found) return found;
  if (input.choice?.how === 'value') return planValue(input, found, input.choice.value ?? '');
  const { detail } = input.cause;
  const kind = detail.configMap ? 'ConfigMap' : 'Secret';
  const name = detail.configMap ?? detail.secret;
  const { key, nearestKey } = detail;
  if (!name || !key || !nearestKey) return { refusal: inWords(input, found) };
  const reference = input.evidence.references.find((r) => r.kind === kind && r.name === name);
  const container = input.evidence.containers.find((c) => c.name === input.cause.container);
  if (!container || !reference) return { refusal: inWords(input, found) };
  const edits = input.choice?.how === 'key' ? [] : referenceEdits(input, container, reference, key, nearestKey);
  if (edits.length === 0) {
    return kind === 'ConfigMap'
      ? keyPlan(input, found, { configMap: reference, key, copyOf: nearestKey })
      : {
          refusal: `Secret ${name} has ${nearestKey} and no ${key}, and Secrets are never written. Add the key, or ask for ${nearestKey} instead.`,
        };
  }
  return templatePlan(input, found, {
    action: 'fix-config',
    title: `Read ${nearestKey} of ${kind} ${name}`,
    risk: 'medium',
    container: container.name,
    edits,
    diff: `~ ${container.name}: ${kind} ${name} key ${key} → ${nearestKey}`,
    effect: `${container.name} reads the key ${nearestKey}, which ${kind} ${name} has, instead of ${key}, which it has not. The ${kind} stays as it is.`,
    undo: `Ask for ${key} again.`,
    warnings: [`That ${nearestKey} holds what ${key} was meant to hold is ${ONLY_LIKELY}`],
  });
}

/** The variable or the key of a ConfigMap that is missing, when a person may say what it should hold. */
function asks(input: PlanInput): Question | undefined {
  const { variable, configMap, key, file } = input.cause.detail;
  const name = (input.cause.cause === 'env-missing' ? variable : configMap && key) ?? '';
  if (file && input.cause.cause !== 'env-missing') return undefined; // a whole file is no value to type on a phone
  // Any value will do to ask whether one could be set.
  if (name === '' || isSecretName(name)) return undefined;
  const found = changeable(input, '');
  if ('refusal' in found || 'refusal' in planValue(input, found, 'x')) return undefined;
  return { title: `Set ${name}…`, name, choice: { how: 'value' } };
}

function planValue(input: PlanInput, found: Changeable, value: string): Plan | Refusal {
  const { variable, configMap, key } = input.cause.detail;
  const container = input.evidence.containers.find((c) => c.name === input.cause.container);
  if (input.cause.cause === 'env-missing' && variable && container)
    return variablePlan(input, found, container, { name: variable, value });
  const reference = input.evidence.references.find((r) => r.kind === 'ConfigMap' && r.name === configMap);
  if (!key || !reference) return { refusal: inWords(input, found) };
  const refusal = whyNotTyped(key, value);
  return refusal ? { refusal } : keyPlan(input, found, { configMap: reference, key, value });
}

function variablePlan(
  input: PlanInput,
  found: Changeable,
  container: ContainerEvidence,
  { name, value }: { name: string; value: string },
): Plan | Refusal {
  const refusal = whyNotTyped(name, value);
  if (refusal) return { refusal };
  const entry = (known(container.env) ?? []).find((e) => e.name === name);
  if (container.env.state !== 'seen' && container.env.state !== 'absent') return { refusal: inWords(input, found) };
  if (entry && entry.value !== '')
    return { refusal: `${name} is set already, by a value or a reference: correct it there. ${inWords(input, found)}` };
  const place = [listOf(container), `name=${container.name}`, 'env', `name=${name}`];
  return templatePlan(input, found, {
    action: 'fix-config',
    title: `Set ${name}`,
    risk: 'medium',
    container: container.name,
    edits: [{ at: place, ...(entry ? { from: { name } } : {}), to: { name, value } }],
    diff: `+ ${container.name}: env ${name} = ${value}`,
    effect: `${container.name} starts with ${name} set to what was typed.`,
    undo: `Take ${name} away again.`,
  });
}

const ONLY_LIKELY = 'likely from its name, not certain: look at it first.';

function undoReference(plan: Plan): Plan {
  const undo = undoByEdits(plan);
  return { ...undo, warnings: undo.warnings.filter((warning) => !warning.endsWith(ONLY_LIKELY)) };
}

/** Where the template names the key: in a variable, or as a file of a volume. */
function referenceEdits(
  { evidence }: PlanInput,
  container: ContainerEvidence,
  { kind, name, object }: Reference,
  key: string,
  nearest: string,
): Edit[] {
  const field = kind === 'ConfigMap' ? 'configMapKeyRef' : 'secretKeyRef';
  const variables = (known(container.env) ?? []).filter(
    (e) => e.from?.kind === kind && e.from.name === name && e.from.key === key,
  );
  const inEnv = variables.map((e) => ({
    at: [listOf(container), `name=${container.name}`, 'env', `name=${e.name}`, 'valueFrom', field, 'key'],
    from: key,
    to: nearest,
  }));
  if (inEnv.length > 0) return inEnv;
  const type = kind === 'ConfigMap' ? 'configMap' : 'secret';
  const volume = (known(evidence.pod.volumes) ?? []).find((v) => v.type === type && v.from === name);
  const keys = known(object)?.keys ?? [];
  if (!volume || keys.length === 0) return [];
  const item = volume.items?.find((i) => i.key === key);
  if (item)
    return [{ at: ['volumes', `name=${volume.name}`, type, 'items', `key=${key}`, 'key'], from: key, to: nearest }];
  if (volume.items) return [];
  // Without items every key becomes a file of its own name; with them, the missing file can have another key's content.
  const items = [...keys.map((k) => ({ key: k, path: k })), { key: nearest, path: key }];
  return [{ at: ['volumes', `name=${volume.name}`, type, 'items'], to: items }];
}

/** What only a person can set: the value, the missing object, the file that does not parse. */
function inWords({ evidence, cause }: PlanInput, { workload }: Changeable): string {
  const { namespace } = evidence;
  const { configMap = '', secret = '', key, variable = 'NAME', file, line } = cause.detail;
  const { kind, name } = workload;
  const restart = thenRestart(workload, namespace, known(evidence.pod.name) ?? '');
  const inNamespace = ['-n', namespace];
  switch (cause.cause) {
    case 'env-missing': {
      const set = ['set', 'env', `${kind.toLowerCase()}/${name}`, ...inNamespace, '-c', cause.container];
      return `Which value ${variable} should have only you know. Set it: ${command([...set, `${variable}=VALUE`], [name, namespace, cause.container])}`;
    }
    case 'configmap-missing':
      return `What ConfigMap ${configMap} should hold only you know. Create it, and the kubelet tries again by itself: ${command(['create', 'configmap', configMap, ...inNamespace, '--from-file=FILE'], [configMap, namespace])}`;
    case 'secret-missing':
      return `Secrets are never written. Create it, and the kubelet tries again by itself: ${command(['create', 'secret', 'generic', secret, ...inNamespace, '--from-env-file=FILE'], [secret, namespace])}`;
    case 'dependency-auth-failed':
    case 'image-pull-denied':
      return `Credentials are never written. Correct ${secret ? `Secret ${secret}${key ? `, key ${key}` : ''}` : 'the Secret that it reads'}, ${restart}`;
    case 'privileged-port-denied':
      return `Let ${cause.container} listen above 1024 where its port is set, and point the targetPort of its Service there; ${restart}`;
    case 'tls-verification-failed':
      return `Which CA to trust only you know. Mount its certificate from a ConfigMap and name the file where ${cause.container} looks for it (SSL_CERT_FILE, NODE_EXTRA_CA_CERTS, a trust store of the JVM); ${restart}`;
  }
  if (secret) return `Secrets are never written. Correct ${key ?? 'the key'} of Secret ${secret}, ${restart}`;
  if (configMap) {
    const place = key ? ` (key ${key}${line ? `, line ${line}` : ''})` : '';
    return `What ${key ?? 'it'} should say only you know. Correct it: ${command(['edit', 'configmap', configMap, ...inNamespace], [configMap, namespace])}${place}, ${restart}`;
  }
  return `${file ? `Where ${file} comes from was not found among the ConfigMaps of the pod` : 'Which setting is meant is not known for certain'}. Correct it where it comes from, ${restart}`;
}
