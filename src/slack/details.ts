// The thread under a card: everything that was seen, what changed, what was ruled out and not read, and what to do next.
// Every part has its share of the message, so that a long log never crowds out a short answer.

import type { KnownBlock } from '@slack/types';
import { capital, ended, lower, namesIn, questionOf, subjectOf } from '../core/headline.ts';
import type { Cause, ContextFact, Report } from '../core/report.ts';
import { type Message, message, preformatted, section } from './blocks.ts';
import { clip, clipMiddle, clock, code, flat, mrkdwn, withClocks, withCode } from './mrkdwn.ts';

export function detailsOf(report: Report): Message {
  const { now } = report.status;
  const changed = report.context.filter(isChange);
  const cited = new Set(report.causes.flatMap((c) => c.evidence.map((e) => e.text)));
  // The next start stands on the card, in the reader's own time zone.
  const around = report.context.filter((c) => !isChange(c) && c.kind !== 'next-start' && !cited.has(c.text));
  return message(`Evidence for ${mrkdwn(subjectOf(report), 200)}`, [
    ...causeBlocks(report),
    ...titled('Last lines of the log', logLines(report), 1_100, 'end'),
    ...listed(
      'What changed',
      changed.map((c) => c.text),
      { most: 500, now },
    ),
    ...listed(
      'What stands around it',
      around.map((c) => c.text),
      { most: 500, now },
    ),
    ...timeline(report),
    ...listed(
      'Ruled out',
      report.ruledOut.map((r) => `${r.cause}: ${r.because}`),
      { most: 600, now },
    ),
    ...listed(
      'Not read',
      report.gaps.map((g) => `${g.what}: ${g.why}`),
      { most: 500, now },
    ),
    ...nextSteps(report),
    ...listed('Not offered', notOffered(report), { most: 500, now }),
    ...listed('To prevent it', report.prevention, { most: 400, now }),
  ]);
}

function isChange({ kind }: ContextFact): boolean {
  return kind === 'began-with-revision' || kind === 'config-changed' || kind === 'healthy-revision';
}

const CAUSES = 3;

function causeBlocks(report: Report): KnownBlock[] {
  const { causes, verdict } = report;
  const more = causes.length - CAUSES;
  const { words, command } = verdict.grade === 'confirmed' ? { words: '', command: '' } : questionOf(report);
  return [
    ...causes.slice(0, CAUSES).flatMap((cause, index) => causeBlock(cause, report, index === 0)),
    ...section([
      more > 0 ? `${more} weaker ${more === 1 ? 'sign is' : 'signs are'} left out here.` : '',
      words ? `*What would ${causes.length ? 'make it certain' : 'decide it'}:* ${mrkdwn(words, 400)}` : '',
    ]),
    ...preformatted([command], 700),
  ];
}

function causeBlock(cause: Cause, report: Report, first: boolean): KnownBlock[] {
  const { now } = report.status;
  const names = namesIn(report);
  const kind = cause.containerKind === 'main' ? 'container' : `${cause.containerKind} container`;
  const where = cause.container ? ` · ${kind} ${code(cause.container, 80)}` : '';
  const evidence = cause.evidence
    .slice(0, first ? 6 : 2)
    .map((e) => `${clip(flat(e.at), 120)}\n  ${clip(flat(e.text), 300)}`);
  return [
    ...section([
      `*${cause.grade}* · ${mrkdwn(cause.cause, 80)}${where}`,
      withClocks(mrkdwn(ended(capital(cause.summary, names)), first ? 500 : 250), now),
      ...cause.mechanisms.slice(0, 2).map((m) => `and so: ${mrkdwn(lower(m), 200)}`),
    ]),
    ...preformatted(evidence, first ? 1_300 : 250),
  ];
}

function logLines({ logExcerpt }: Report): string[] {
  return logExcerpt
    .filter((l) => l.text.trim() !== '')
    .map(({ at, text }) => `${clip(flat(at).split(':').at(-1) ?? '', 8).padStart(4)}  ${clip(text, 240)}`);
}

/** In the reader's own time zone, newest at the end. */
function timeline({ timeline: entries, status }: Report): KnownBlock[] {
  const line = ({ time, text }: { time: string; text: string }): string =>
    `${clock(time, { seconds: true, near: status.now })}  ${mrkdwn(clipMiddle(flat(text), 100), 110)}`;
  return entries.length ? section(bounded(['*Timeline*', ...entries.slice(-8).map(line)], 1_300)) : [];
}

function nextSteps(report: Report): KnownBlock[] {
  const words = report.nextSteps.filter((s) => s.command === null).map((s) => `${s.text.replace(/\.$/, '')}.`);
  const commands = report.nextSteps.flatMap((s) => (s.command === null ? [] : [`# ${flat(s.text)}`, flat(s.command)]));
  const listedWords = listed('What to do next', words, { most: 400, now: report.status.now });
  return [...listedWords, ...titled(listedWords.length ? '' : 'What to do next', commands, 800)];
}

/** A refusal that was said of several remedies is said once. */
function notOffered({ proposals }: Report): string[] {
  return [...new Set(proposals.map((p) => p.refusal ?? '').filter(Boolean))];
}

function listed(title: string, lines: string[], { most, now }: { most: number; now: string }): KnownBlock[] {
  const items = lines.filter((l) => l.trim() !== '').map((l) => `• ${withClocks(withCode(l, [], 450), now)}`);
  return items.length ? section(bounded([`*${title}*`, ...items], most)) : [];
}

function titled(title: string, lines: string[], most: number, from?: 'start' | 'end'): KnownBlock[] {
  const box = preformatted(lines, most, from);
  return box.length && title ? [...section([`*${title}*`]), ...box] : box;
}

/** Whole lines up to `most` characters; how many did not fit is said. */
function bounded(lines: string[], most: number): string[] {
  let left = most;
  const kept = lines.filter((line) => {
    left -= line.length + 1;
    return left >= 0;
  });
  const missing = lines.length - kept.length;
  return missing > 0 ? [...kept, `and ${missing} more`] : kept;
}
