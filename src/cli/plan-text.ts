// A plan and the ways to make one -> terminal text, in the words that an approver reads in Slack.

import pc from 'picocolors';
import type { Plan } from '../core/plan.ts';
import type { Report } from '../core/report.ts';
import { choiceWords, type Way } from './plan-ways.ts';

const WIDTH = 44;

/** All remedies of a diagnosis. */
export function waysText({ target: { workload, namespace } }: Report, ways: Way[]): string {
  const offered = ways.filter(({ refusal }) => refusal === null);
  const refused = ways.flatMap(({ action, refusal }) => (refusal === null ? [] : [`  ${action}: ${refusal}`]));
  const title = `${workload.kind}/${workload.name} in ${namespace}`;
  const head = offered.length > 0 ? `what can be planned for ${title}` : `nothing can be planned for ${title}`;
  return joined([
    [pc.bold(head), ...offered.map((way) => line(`--action ${way.action} ${choiceWords(way)}`, way.title))],
    refused.length > 0 ? ['not offered', ...refused] : [],
  ]);
}

/** One plan, and its other ways. */
export function planText(plan: Plan, others: Way[]): string {
  const { kind, name, namespace } = plan.target;
  const facts = [
    ['effect', plan.effect],
    ['touches', plan.blastRadius],
    ['recovered', plan.verification],
    ['undo', plan.undo],
    ...plan.warnings.map((warning) => ['beware', warning]),
  ];
  return joined([
    [`${pc.bold(plan.title)} · ${kind}/${name} in ${namespace} · ${plan.risk} risk`],
    plan.diff.split('\n').map((diff) => `  ${diff}`),
    facts.map(([word = '', sentence]) => `${word.padEnd(11)}${sentence}`),
    plan.copyOnly
      ? [`${plan.copyOnly.owner} owns it: make the change there.`, ...plan.copyOnly.change.split('\n')]
      : [],
    others.length > 0
      ? ['other ways', ...others.map((way) => line(choiceWords(way) || 'without --choice', way.title))]
      : [],
    ['Nothing is written from here: ask for it in Slack, where it is tried out, approved, watched and can be undone.'],
  ]);
}

function line(words: string, title: string): string {
  return `  ${words.trim().padEnd(WIDTH)}  ${title}`;
}

function joined(parts: string[][]): string {
  return `${parts
    .filter((part) => part.length > 0)
    .map((part) => part.join('\n'))
    .join('\n\n')}\n`;
}
