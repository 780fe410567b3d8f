// A configuration cannot be read: the parser says where. A parser of anything counts only with the file it read.

import type { ContainerCase } from '../core/case.ts';
import type { Evidence } from '../core/evidence.ts';
import { type LogHit, logHits, signIn, strengthOf } from '../core/log-signs.ts';
import { defineRule, eachCase, type Holds, holds } from '../core/rule.ts';
import { configFile } from './reading/config-file.ts';
import { backing, citeLine, details, linesAround, SPOKEN } from './reading/said.ts';
import { MALFORMED } from './vocabulary/malformed.ts';
import { MISSING_SETTING } from './vocabulary/missing-setting.ts';
import { WRONG_VALUE } from './vocabulary/wrong-value.ts';

export default defineRule({
  id: 'config-malformed',
  title: 'Configuration cannot be parsed',
  explains: SPOKEN,
  causes: ['application-error', 'entrypoint-completes', 'init-script-failed', 'config-value-invalid', 'aborted'],
  actions: ['fix-config', 'rollback'],
  byHand:
    'Correct {file|the configuration} where the parser points. It comes from ConfigMap {configMap}, key {key}. The program reads it again only when it starts.',
  judge: (evidence) =>
    eachCase(evidence, SPOKEN, (k) => {
      const hits = logHits(k, MALFORMED);
      const telling = [...hits.filter((h) => h.groups.near), ...hits.filter((h) => !h.groups.near)];
      const found = telling.map((hit) => finding(evidence, k, hit));
      return found.find((f) => f?.strength === 'proof') ?? found.find((f) => f !== undefined);
    }),
  doc: {
    looksAt: "the parser's complaint, the file it names, and the ConfigMap key that makes this file",
    means: 'The configuration is there, but it breaks the syntax that the program reads, so it does not start.',
    fix: 'Correct the line the parser points at. A running pod keeps what it read at its start.',
    prevention:
      'Let {container} check its own configuration in continuous integration (nginx -t, haproxy -c, promtool, a YAML linter): {file|this one} would have been refused before the rollout. Give ConfigMap {configMap} a new name with every change (or the template a checksum annotation): an edit is then a rollout that stops and can be rolled back.',
    notThis:
      'A file that is missing (file-missing, config-key-missing), or one that parses and holds a wrong value (config-value-invalid).',
  },
});

// Words that mean another cause although a parser of configuration says them.
const OTHER =
  /host not found|no such file|not found in upstream|permission denied|could not be resolved|bind\(\)|cannot load certificate|address already in use|connection refused|i\/o timeout|undefined receiver|no routes? provided|multiple scrape configs with job name|\[type=\w+, input_value/i;
// The network or the program's data was parsed, not configuration.
const DATA = /\bhttps?:\/\/|response|request|api server|decod(?:e|ing) body|unexpected status/i;

function finding(evidence: Evidence, k: ContainerCase, hit: LogHit): Holds | undefined {
  if (OTHER.test(hit.line.text) || (hit.sign.weak && hasOtherMeaning(hit))) return undefined;
  if (hit.line.level === 'warn' && /\bignored\b/.test(hit.line.text)) return undefined;
  const { path, citations, mounted } = configFile(evidence, k, hit);
  const reader = path === '' ? readerOf(k, hit) : [];
  if (hit.sign.weak && ((path === '' && reader.length === 0) || DATA.test(hit.line.text))) return undefined;
  const strength = strengthOf({ ...hit, sign: { ...hit.sign, weak: false } }, k);
  const after = linesAfter(k, hit);
  const line = hit.groups.at ?? after.map((l) => LINE.exec(l.raw)?.[1]).find((n) => n !== undefined);
  const near = (quotedAfter(after.map((l) => l.raw)) || (hit.groups.near ?? '')).trim().replace(/[.:]$/, '');
  const object = mounted?.kind
    ? ` (${mounted.kind} ${mounted.volume.from}${mounted.key ? `, key ${mounted.key}` : ''})`
    : '';
  return holds(k, {
    strength: hit.sign.weak && citations.length === 0 && hit.position !== 'last-words' ? 'sign' : strength,
    summary: `${line ? `line ${line} of ${path || 'the configuration'}` : path || 'The configuration'} cannot be parsed${object}${near ? `: ${near.slice(0, 160)}` : ''}`,
    evidence: [hit.citation, ...reader, ...after.map((l) => citeLine(k, l)), ...backing(hit, citations)],
    detail: details({
      container: k.container.name,
      file: path,
      line,
      [mounted?.kind === 'Secret' ? 'secret' : 'configMap']: mounted?.kind ? mounted.volume.from : undefined,
      key: mounted?.key,
    }),
  });
}

/** A parser of anything, whose words name a setting: what is wrong is that setting. */
function hasOtherMeaning(hit: LogHit): boolean {
  return [WRONG_VALUE, MISSING_SETTING].some((table) => signIn(hit.line.text, table, (sign) => !sign.weak));
}

/** Configuration written in Python lies outside the program's own folder, or says in its name what it is. */
const PYTHON_CONFIG = /"\/(?:usr\/local\/)?etc\/|_config\.py"|\/conf\.d\//;

/** Where no file is named, a frame of the trace that reads configuration tells what was parsed. */
function readerOf(k: ContainerCase, hit: LogHit) {
  const inSource = hit.sign.who === 'Python';
  return linesAround(k, hit.line.n, 12, 8)
    .filter(
      (l) => /^\s*(?:at |File "|from )/.test(l.raw) && !/node_modules|-packages|node:internal|\/gems\//.test(l.raw),
    )
    .filter((l) => /\b\w{0,12}(?:[Cc]onfig|[Ss]ettings)\b|(?:config|settings)\.(?:[cm]?[jt]s|py|rb)/.test(l.raw))
    .filter((l) => !inSource || PYTHON_CONFIG.test(l.raw))
    .slice(0, 1)
    .map((l) => citeLine(k, l));
}

/** Redis, Apache and YAML libraries give the place or the words in the lines that follow. */
function linesAfter(k: ContainerCase, hit: LogHit) {
  return linesAround(k, hit.line.n, 0, 4)
    .filter((l) => l.n > hit.line.n && l.raw.trim() !== '' && !/^\s*(?:at |File ")/.test(l.raw))
    .slice(0, 3);
}

const LINE = /^(?:Reading the configuration file, at line |\s*in "[^"]{1,300}", line )(\d{1,7})/;

/** Redis quotes the directive and says below it what it holds against it: `>>> 'maxmemory 256megs'`. */
function quotedAfter(after: string[]): string {
  const n = after.findIndex((raw) => /^>>> '.{1,200}'$/.test(raw));
  return n < 0 ? '' : [after[n]?.slice(4), after[n + 1]].filter(Boolean).join(': ');
}
