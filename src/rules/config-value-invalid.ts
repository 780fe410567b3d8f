// The configuration can be read, and a value in it is wrong: out of range, not one of those known, not an address.

import type { ContainerCase } from '../core/case.ts';
import type { EnvEntry } from '../core/evidence/container.ts';
import { type Citation, cite, known } from '../core/fact.ts';
import { type LogHit, logHits, strengthOf } from '../core/log-signs.ts';
import { defineRule, eachCase, type Holds, holds } from '../core/rule.ts';
import { finalWords } from './reading/final-words.ts';
import { inBrief } from './reading/in-brief.ts';
import { backing, details, linesAround, SPOKEN } from './reading/said.ts';
import { asksEnvironment } from './reading/settings.ts';
import { WRONG_VALUE } from './vocabulary/wrong-value.ts';

export default defineRule({
  id: 'config-value-invalid',
  title: 'A setting has a wrong value',
  explains: SPOKEN,
  causes: ['application-error', 'init-script-failed', 'entrypoint-completes', 'aborted'],
  actions: ['fix-config', 'rollback'],
  byHand:
    'Correct the value of {setting|the setting that its last words speak of} where it is set; the program reads it again only when it starts.',
  judge: (evidence) =>
    eachCase(evidence, SPOKEN, (k) => {
      const found = logHits(k, WRONG_VALUE).map((hit) => finding(k, hit));
      return found.find((f) => f?.strength === 'proof') ?? found.find((f) => f !== undefined) ?? byBoth(k);
    }),
  doc: {
    looksAt: 'the value that the last words refuse, and where the template sets it',
    means: 'The program read its configuration and refuses a value: wrong kind, out of range, or not one it knows.',
    fix: 'Correct the value; the last words often say what is allowed.',
    prevention:
      'Check values of settings in continuous integration with the same code that reads them at the start: {setting|this one} would have been refused.',
    notThis:
      'Configuration that cannot be parsed at all (config-malformed), a setting that is missing (env-missing), a service address that the cluster injected (service-link-env-collision).',
  },
});

// Words that belong to causes with names of their own.
const OTHER =
  /is not a valid section name|invalid (?:credentials?|password|token|user|username|api key|signature|certificate|licen[cs]e|header|magic|ELF|memory address|opcode|json|yaml|toml|character|pointer|checksum|instruction|cross-device|page|record|frame|handshake|reference format|image|identifier)\b|unknown (?:command|(?:long |short )?flag|option|directive|keyword|user|host|error|ca|authority|database|table|column|field|shorthand)|unexpected (?:EOF|token|error|status|signal)|status code|bad (?:gateway|request|interpreter|handshake)|illegal (?:instruction|reflective)|unknown variable|protocol version|unsupported (?:class|major|version|media)/i;

/** "argument must be a memory value": words for a setting, not its name. */
const NO_NAME = /^(?:arg(?:ument)?|value|option|setting|parameter|param|field|key|input|flag|it|this|which|that)$/i;

function finding(k: ContainerCase, hit: LogHit): Holds | undefined {
  const g = hit.groups;
  if (OTHER.test(hit.line.text)) return undefined;
  const value = g.value || g.value2 || g.value3 || g.value4 || '';
  const said = (g.setting || g.setting2 || aboveIt(k, hit)).trim().replace(/:$/, '');
  const setting = NO_NAME.test(said) ? '' : said;
  const source = origin(k, setting, value, hit.line.text);
  if (/(?:tcp|udp):\/\/\d/.test(hit.line.text) && source.length === 0) return undefined;
  // A number that cannot be read may as well be data: only the template or the trace makes it a setting.
  if (hit.sign.weak && source.length === 0 && !asksEnvironment(k, hit.line.n)) return undefined;
  const named =
    setting.replace(/^ValueError: /, '') ||
    /(?<name>[A-Z][A-Z0-9]{0,40}_[A-Z0-9_]{1,60})/.exec(hit.line.text)?.groups?.name ||
    variableOf(k, '', value, hit.line.text)?.name ||
    '';
  return holds(k, {
    strength:
      hit.sign.who === 'any program' && source.length === 0 && !/^[A-Z][A-Z0-9]*_[A-Z0-9_]+$/.test(named)
        ? 'sign'
        : strengthOf({ ...hit, sign: { ...hit.sign, weak: false } }, k),
    summary: `${named ? `The setting ${named}` : 'A setting'} has a wrong value${value ? `, "${value}"` : ''}: ${inBrief(hit.line.text)}`,
    evidence: [hit.citation, ...backing(hit, source)],
    detail: details({
      container: k.container.name,
      setting: named,
      variable: /^[A-Z_0-9]+$/.test(named) ? named : undefined,
      value,
    }),
  });
}

/** What trouble with the world outside says of a setting is where it went, not that it is wrong. */
const WENT_THERE = /connect|refus|timed out|resolv|lookup|auth|denied|password|not found|no such|unreachable/i;

/** The last words speak of a variable by its name and by the value that the template gives it. */
function byBoth(k: ContainerCase): Holds | undefined {
  const entries = (known(k.container.env) ?? []).filter((e) => e.name.length > 3 && e.value && !/[/:.]/.test(e.value));
  for (const { line, citation } of finalWords(k)) {
    const entry = entries.find((e) => line.text.includes(e.name) && line.text.split(/[^\w+-]/).includes(e.value ?? ''));
    if (!entry || line.level === 'info' || line.level === 'debug' || WENT_THERE.test(line.text)) continue;
    return holds(k, {
      strength: 'sign',
      summary: `The setting ${entry.name} has a wrong value, "${entry.value}": ${inBrief(line.text)}`,
      evidence: [citation, ...origin(k, entry.name, entry.value ?? '', line.text)],
      detail: details({ container: k.container.name, setting: entry.name, variable: entry.name, value: entry.value }),
    });
  }
  return undefined;
}

/** pydantic gives the name of the setting on the line above, alone. */
function aboveIt(k: ContainerCase, { line }: LogHit): string {
  const above = /^\s/.test(line.raw) ? linesAround(k, line.n, 1, -1)[0]?.raw : undefined;
  return /^[A-Za-z_][\w.]{1,80}$/.exec(above ?? '')?.[0] ?? '';
}

/** The variable of the template of that name, with that value, or that the line speaks of by both. */
function variableOf(k: ContainerCase, setting: string, value: string, text: string): EnvEntry | undefined {
  return (known(k.container.env) ?? []).find(
    (e) =>
      (setting !== '' && e.name === setting) ||
      (value.length > 1 && e.value === value) ||
      (e.name.length > 3 && text.includes(e.name) && e.value !== undefined && e.value !== '' && text.includes(e.value)),
  );
}

/** Where the template says this. */
function origin(k: ContainerCase, setting: string, value: string, text: string): Citation[] {
  const entries = known(k.container.env) ?? [];
  const entry = variableOf(k, setting, value, text);
  if (entry)
    return cite(
      k.container.env,
      `${entry.name}: ${entry.value ?? 'from a reference'}`.slice(0, 200),
      `[${entries.indexOf(entry)}]`,
    );
  const args = known(k.container.args) ?? [];
  const arg = args.findIndex(
    (a) => (value.length > 1 && a.includes(value)) || (setting.length > 2 && a.includes(setting)),
  );
  return arg >= 0 ? cite(k.container.args, (args[arg] ?? '').slice(0, 200), `[${arg}]`) : [];
}
