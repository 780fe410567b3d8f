// A setting that the program needs from outside is not there: the program names it, the template shows why.

import type { ContainerCase } from '../core/case.ts';
import type { Evidence } from '../core/evidence.ts';
import { type LogHit, logHits, strengthOf } from '../core/log-signs.ts';
import { defineRule, eachCase, type Holds, holds } from '../core/rule.ts';
import { citeLine, details, SPOKEN } from './reading/said.ts';
import { asksEnvironment, type Setting, settingOf } from './reading/settings.ts';
import { HEADING, KNOWN_NAMES, LISTED, MISSING_SETTING } from './vocabulary/missing-setting.ts';

export default defineRule({
  id: 'env-missing',
  title: 'A required variable is not set',
  explains: SPOKEN,
  causes: ['application-error', 'entrypoint-completes', 'init-script-failed', 'config-value-invalid', 'aborted'],
  actions: ['fix-config', 'rollback'],
  byHand:
    'Set {variable|the variable that its last words speak of} in the template of the workload, or in the ConfigMap or Secret it reads.',
  judge: (evidence) =>
    eachCase(evidence, SPOKEN, (k) => {
      for (const hit of logHits(k, MISSING_SETTING)) {
        const found = bySentence(evidence, k, hit);
        if (found) return found;
      }
      return byHeading(evidence, k);
    }),
  doc: {
    looksAt: 'the last words of the program, and every place of the template that could set the variable they name',
    means: 'The program needs a variable or property that nothing gives it, or that is given as nothing.',
    fix: 'Set the variable, or correct the reference that should have filled it.',
    prevention:
      'Check required variables in continuous integration against the rendered manifests: {variable|this one} would have been found before the rollout. Avoid `optional: true` for what the program cannot do without.',
    notThis:
      'A variable that comes from a reference whose key does not exist is config-key-missing; a missing ConfigMap or Secret has its own cause. A wrong value is config-value-invalid.',
  },
});

// Words in capitals that are no variables of this program.
const NO_VARIABLE =
  /^(?:NO_SUCH|NOT_FOUND|ERR_|E[A-Z]+_|HTTP_\d|UTF_8|GLIBC|CXXABI|SSL_ERROR|PRIMARY_KEY|FOREIGN_KEY|NOT_NULL|MODULE_NOT)|_(?:ERROR|EXCEPTION|FAILED|DENIED|MISSING|NOT_FOUND|INVALID|REQUIRED)$/;

function bySentence(evidence: Evidence, k: ContainerCase, hit: LogHit): Holds | undefined {
  const variable = hit.groups.name || KNOWN_NAMES.find(([words]) => words.test(hit.line.text))?.[1] || '';
  if (NO_VARIABLE.test(variable)) return undefined;
  const setting = variable ? settingOf(evidence, k, variable) : undefined;
  const strength = strengthHere(hit, k, setting);
  return strength && finding(k, hit, variable, setting, strength);
}

/** The template can contradict the program's words, and confirm a key that might have been anything. */
function strengthHere(hit: LogHit, k: ContainerCase, setting: Setting | undefined): 'proof' | 'sign' | undefined {
  if (setting?.is === 'set') return hit.position === 'last-words' && !hit.sign.weak ? 'sign' : undefined;
  if (!hit.sign.weak) return strengthOf(hit, k);
  return asksEnvironment(k, hit.line.n) ? strengthOf({ ...hit, sign: { ...hit.sign, weak: false } }, k) : 'sign';
}

function finding(
  k: ContainerCase,
  hit: LogHit,
  variable: string,
  setting: Setting | undefined,
  strength: 'proof' | 'sign',
): Holds {
  const what = variable ? variableWords(variable) : 'a variable that the program needs';
  const why =
    setting?.words && setting.is !== 'set' ? `: ${setting.words}` : ', and the program does not go on without it';
  return holds(k, {
    strength,
    summary: `${what} is ${setting?.is === 'empty' ? 'empty' : 'not set'}${why}`,
    evidence: [
      hit.citation,
      ...(setting && setting.is !== 'set' && hit.position !== 'earlier' ? setting.citations : []),
    ],
    detail: details({
      container: k.container.name,
      variable,
      [setting?.kind === 'Secret' ? 'secret' : 'configMap']: setting?.object,
      key: setting?.key,
      nearestKey: setting?.nearestKey,
    }),
  });
}

/** A property such as `claims.queue.url` is not called a variable. */
function variableWords(name: string): string {
  return /^[A-Z][A-Z0-9_]*$/.test(name) ? `The variable ${name}` : `The setting ${name}`;
}

/** The name stands on a line below a heading: "2 validation errors for Settings / DATABASE_URL / Field required". */
function byHeading(evidence: Evidence, k: ContainerCase): Holds | undefined {
  const heading = k.lastWords.findLast((l) => HEADING.test(l.text));
  if (!heading) return undefined;
  const below = k.lastWords.filter((l) => l.n > heading.n && l.n <= heading.n + 12);
  const listed = below.find(
    (l) => LISTED.test(l.text.trim()) && /[A-Z]_|^\s*[a-z]\w*\s*$|required|undefined|missing/i.test(l.raw),
  );
  const required = [heading, ...below].some((l) =>
    /requires?\b|required|undefined|missing|not present|must be set/i.test(l.text),
  );
  const named = listed && LISTED.exec(listed.text.trim())?.groups;
  const variable = named?.name ?? named?.quoted;
  if (!listed || !variable || !required) return undefined;
  const hit: LogHit = {
    line: listed,
    sign: { who: 'a list of settings', pattern: LISTED },
    groups: {},
    position: 'last-words',
    citation: citeLine(k, listed),
  };
  const setting = settingOf(evidence, k, variable.toUpperCase());
  const found = finding(k, hit, variable, setting, strengthOf(hit, k));
  return { ...found, evidence: [citeLine(k, heading), ...found.evidence] };
}
