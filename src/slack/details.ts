// The thread under a card: everything that was seen, ruled out and not read, and what to do next.

import type { KnownBlock } from '@slack/types';
import { subjectOf } from '../core/headline.ts';
import type { Cause, Report } from '../core/report.ts';
import { clip, type Message, message, mrkdwn, preformatted, section } from './blocks.ts';

export function detailsOf(report: Report): Message {
  const blocks: KnownBlock[] = [
    ...report.causes.slice(0, 4).flatMap(causeBlocks),
    ...titled(
      'Log',
      report.logExcerpt.map((l) => `${l.at.split(':').at(-1)?.padStart(4)}  ${clip(l.text, 300)}`),
    ),
    ...listed(
      'What stands around it',
      report.context.map((c) => c.text),
    ),
    ...listed(
      'Ruled out',
      report.ruledOut.slice(0, 10).map((r) => `${r.cause}: ${r.because}`),
    ),
    ...titled(
      'Timeline',
      report.timeline.slice(-12).map((t) => `${t.time.slice(11, 19)}  ${clip(t.text, 200)}`),
    ),
    ...listed(
      'Not read',
      report.gaps.slice(0, 10).map((g) => `${g.what}: ${g.why}`),
    ),
    ...nextSteps(report),
    ...listed(
      'Not offered',
      report.proposals.filter((p) => p.refusal !== null).map((p) => p.refusal ?? ''),
    ),
    ...listed('To prevent it', report.prevention),
  ];
  return message(`Evidence for ${subjectOf(report)}`, blocks);
}

function causeBlocks(cause: Cause): KnownBlock[] {
  const where = cause.container
    ? ` · ${cause.containerKind === 'main' ? 'container' : `${cause.containerKind} container`} ${mrkdwn(cause.container)}`
    : '';
  return [
    ...section([
      `*${cause.grade}* · ${cause.cause}${where}`,
      mrkdwn(clip(cause.summary, 600)),
      ...cause.mechanisms.slice(0, 4).map((m) => `_and so:_ ${mrkdwn(clip(m, 300))}`),
    ]),
    ...preformatted(
      cause.evidence.slice(0, 8).map((e) => `${e.at}\n    ${clip(e.text.replace(/\s*\n\s*/g, ' ⏎ '), 400)}`),
    ),
  ];
}

function nextSteps(report: Report): KnownBlock[] {
  const words = report.nextSteps.filter((s) => s.command === null).map((s) => s.text);
  const commands = report.nextSteps.flatMap((s) => (s.command === null ? [] : [`# ${s.text}`, s.command]));
  return [...listed('What to do next', words), ...titled(words.length ? '' : 'What to do next', commands)];
}

function listed(title: string, lines: string[]): KnownBlock[] {
  return lines.length ? section([`*${title}*`, ...lines.map((l) => `• ${mrkdwn(clip(l, 400))}`)]) : [];
}

function titled(title: string, lines: string[]): KnownBlock[] {
  return lines.length ? [...(title ? section([`*${title}*`]) : []), ...preformatted(lines)] : [];
}
