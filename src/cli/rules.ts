// `loopbreaker rules`: the catalogue of causes, or one of them explained.

import pc from 'picocolors';
import { familyOf } from '../core/cause.ts';
import type { Rule } from '../core/rule.ts';
import { rules } from '../rules/index.ts';
import { complain, type ExitCode, json, out } from './output.ts';

export function rulesCommand(id: string | undefined, options: { json?: boolean }): ExitCode {
  if (id === undefined) {
    if (options.json) json(rules.map(asData));
    else out(catalogueText());
    return 0;
  }
  const rule = rules.find((r) => r.id === id);
  if (!rule) {
    const near = rules
      .filter((r) => r.id.includes(id) || id.split('-').some((part) => part.length > 3 && r.id.includes(part)))
      .map((r) => r.id);
    complain(
      `No cause is called "${id}".${near.length ? ` Near: ${near.slice(0, 5).join(', ')}.` : ''} List them with: loopbreaker rules`,
    );
    return 1;
  }
  if (options.json) json(asData(rule));
  else out(ruleText(rule));
  return 0;
}

function asData(rule: Rule): object {
  const { id, title, explains, causes, actions, byHand, doc } = rule;
  return { id, family: familyOf(id), title, explains, causes, actions, byHand, doc };
}

function catalogueText(): string {
  let family = '';
  const lines: string[] = [];
  for (const rule of rules) {
    if (familyOf(rule.id) !== family) {
      family = familyOf(rule.id);
      lines.push('', pc.bold(family));
    }
    lines.push(`  ${rule.id.padEnd(34)} ${rule.title}`);
  }
  return `${lines.slice(1).join('\n')}\n\n${rules.length} causes. One of them: loopbreaker rules ID\n`;
}

function ruleText(rule: Rule): string {
  const { doc } = rule;
  const lines = [
    `${pc.bold(rule.id)} · ${rule.title}`,
    '',
    doc.means,
    '',
    `Looks at: ${doc.looksAt}.`,
    `What cures it: ${doc.fix}`,
    `Not this: ${doc.notThis}`,
    ...(rule.actions.length ? [`Remedies: ${rule.actions.join(', ')}.`] : []),
  ];
  return `${lines.join('\n')}\n`;
}
