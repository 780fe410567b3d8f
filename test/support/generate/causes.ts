// The catalogue of causes as a document, from the rules themselves; with the remedies and the exit codes in words.
import type { Action } from '../../../src/core/action.ts';
import { familyOf } from '../../../src/core/cause.ts';
import { exitWords } from '../../../src/core/exit-code.ts';
import type { Rule } from '../../../src/core/rule.ts';
import { anchor, cell, markdown } from './markdown.ts';

const EXIT_CODES = [0, 1, 2, 126, 127, 128, 134, 137, 139, 143, 255];

export function causesText(rules: readonly Rule[], actions: readonly Action[]): string {
  const families = [...new Set(rules.map((rule) => familyOf(rule.id)))];
  const lines = [
    '<!-- Generated from src/rules, src/actions and src/core/exit-code.ts: npm run generate -->',
    '# Causes',
    '',
    `The ${rules.length} causes that Loopbreaker can name, by family. The same text: \`npm run -s loopbreaker -- rules ID\`.`,
    'Words in *italics* are filled in from what was found.',
    '',
    ...families.map((family) => `- [${family}](#${anchor(family)}): ${idsOf(rules, family)}`),
  ];
  for (const family of families) {
    lines.push('', `## ${family}`);
    for (const rule of rules) if (familyOf(rule.id) === family) lines.push('', ...causeLines(rule, actions));
  }
  return `${[...lines, '', ...remedyLines(actions), '', ...exitCodeLines()].join('\n')}\n`;
}

function idsOf(rules: readonly Rule[], family: string): string {
  return rules
    .filter((rule) => familyOf(rule.id) === family)
    .map(({ id }) => `[${id}](#${id})`)
    .join(', ');
}

function causeLines({ id, title, doc, byHand, actions: wanted }: Rule, actions: readonly Action[]): string[] {
  const remedies = actions.filter((action) => wanted.includes(action.id)).map(({ id: remedy }) => `\`${remedy}\``);
  const items = [
    `Looks at: ${markdown(doc.looksAt)}.`,
    `What cures it: ${markdown(doc.fix)}`,
    ...(byHand ? [`By hand: ${markdown(byHand)}`] : []),
    ...(remedies.length > 0 ? [`Remedies: ${remedies.join(', ')}`] : []),
    `Not this: ${markdown(doc.notThis)}`,
    ...(doc.prevention ? [`Prevention: ${markdown(doc.prevention)}`] : []),
  ];
  return [`### ${id}`, '', `**${markdown(title)}.** ${markdown(doc.means)}`, '', ...items.map((item) => `- ${item}`)];
}

function remedyLines(actions: readonly Action[]): string[] {
  const needs = (action: Action): string =>
    action.permissions.map(({ resource, verbs }) => `${verbs.join(', ')} ${resource}`).join('; ');
  return [
    '## Remedies',
    '',
    'Each one is planned, shown as a difference, approved by a person, tried by a dry run of the API server, written under',
    'guards, and watched until it has been steady.',
    '',
    '| Remedy | Title | Risk | Needs |',
    '| --- | --- | --- | --- |',
    ...actions.map((one) => `| \`${one.id}\` | ${cell(one.title)} | ${one.risk} | ${cell(needs(one))} |`),
  ];
}

function exitCodeLines(): string[] {
  return [
    '## Exit codes in words',
    '',
    '137 never means "out of memory" by itself: only the kubelet or the kernel can say that.',
    '',
    '| Code | What it says |',
    '| --- | --- |',
    ...EXIT_CODES.map((code) => `| ${code} | ${cell(exitWords(code))} |`),
  ];
}
