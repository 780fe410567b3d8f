// What a card says of an incident's life: how it ended by itself, who spoke of it and how often, who looks after it, what
// was before it. A question has none of this but a link to the open incident.

import { gradedSentence, subjectOf } from '../core/headline.ts';
import { isQuestion, type Life } from '../core/incident/life.ts';
import type { IncidentState } from '../core/incident/state.ts';
import { counted, durationWords, listed } from '../core/spoken.ts';
import { type Message, message, section } from './blocks.ts';
import { bold, clock, mrkdwn } from './mrkdwn.ts';
import { person } from './operation.ts';

/** Of this workspace, such as https://acme.slack.com/; "" where it is not known, and then nothing is linked. */
export type WorkspaceUrl = string;

/** mrkdwn lines, the first with the one state icon; undefined unless it ended without a change of ours. */
export function endedLines({ phase, life, report }: IncidentState): string[] | undefined {
  const { ended } = life;
  if (!report) return undefined;
  const name = bold(subjectOf(report));
  if (phase === 'expired')
    return [
      `⚪ ${name} still crashes, and for ${durationWords(lasted(life.newsAt, life.closedAt))} there was nothing new. I look no longer.`,
      gradedLine(report),
    ];
  if (!ended || ended.words === '') return undefined;
  const words = mrkdwn(ended.words, 300);
  if (phase === 'gone') return [`⚪ ${name} is gone: ${words}, seen at ${clock(ended.at)}`, gradedLine(report)];
  if (phase !== 'recovered') return undefined;
  const first = report.status.since
    ? ` · ${durationWords(lasted(report.status.since, ended.at))} after the first crash`
    : '';
  return [`🟢 ${name} recovered at ${clock(ended.at)}, without a change of mine${first}`, words, gradedLine(report)];
}

function gradedLine(report: NonNullable<IncidentState['report']>): string {
  return report.verdict.cause === 'none' ? '' : `It was: ${mrkdwn(gradedSentence(report), 300)}`;
}

function lasted(from: string, to: string): number {
  return Math.max(0, Date.parse(to) - Date.parse(from) || 0) / 1_000;
}

/** Small grey lines, mrkdwn. */
export function lifeNotes(state: IncidentState, workspace: WorkspaceUrl): string[] {
  const { life } = state;
  if (isQuestion(state)) {
    const { openAt } = life;
    return openAt ? [`There is an open incident for this: ${link(workspace, openAt, 'its card')}`] : [];
  }
  // Among others it calls nobody up, and is edited for what matters: who counts each alert of a storm?
  if (life.storm !== '') return [careWords(life), returnWords(life), formerWords(life, workspace)];
  return [
    [careWords(life), life.route.mention && `for <!subteam^${life.route.mention}>`].filter(Boolean).join(' · '),
    [heardWords(life), returnWords(life)].filter(Boolean).join(' · '),
    formerWords(life, workspace),
  ];
}

function careWords({ takenBy, mute }: Life): string {
  const reason = mute?.reason ? `: ${mrkdwn(mute.reason, 200)}` : '';
  return [
    takenBy && `${person(takenBy)} takes care of it`,
    mute && `muted until ${clock(mute.until, { near: mute.until })} by ${person(mute.by)}${reason}`,
  ]
    .filter(Boolean)
    .join(' · ');
}

const SENDERS: { [source: string]: string } = {
  watch: 'the watch',
  alertmanager: 'Alertmanager',
  grafana: 'Grafana',
  pagerduty: 'PagerDuty',
  azure: 'Azure Monitor',
};

/** "Told by Alertmanager and the watch · seen 14 times, last at 14:20" */
function heardWords({ heard }: Life): string {
  const sources = [...new Set(heard.map(({ source }) => (Object.hasOwn(SENDERS, source) ? SENDERS[source] : source)))];
  const count = heard.reduce((sum, one) => sum + one.count, 0);
  const last =
    heard
      .map(({ at }) => at)
      .sort()
      .at(-1) ?? '';
  if (sources.length === 0) return '';
  const often = count > 1 ? ` · seen ${count} times${last ? `, last at ${clock(last, { near: last })}` : ''}` : '';
  return `Told by ${mrkdwn(listed(sources.map(String)), 200)}${often}`;
}

function returnWords({ returns }: Life): string {
  return returns > 0 ? `came back ${returns === 1 ? 'once' : counted(returns, 'time')} after it had recovered` : '';
}

function formerWords({ former }: Life, workspace: WorkspaceUrl): string {
  if (!former) return '';
  return `Last time, at ${clock(former.at)}: ${mrkdwn(former.words, 400)}${former.ts ? ` · ${link(workspace, former, 'that card')}` : ''}`;
}

/** Slack's permanent link to a message; plain words where it cannot be made. */
export function link(workspace: WorkspaceUrl, { channel, ts }: { channel: string; ts: string }, words: string): string {
  const isKnown = /^https:\/\/[\w.-]+\/$/.test(workspace) && /^\d+\.\d+$/.test(ts) && /^[A-Z0-9]+$/.test(channel);
  if (!isKnown) return `${words} in <#${channel.replace(/[^A-Z0-9]/g, '')}>`;
  return `<${workspace}archives/${channel}/p${ts.replace('.', '')}|${words}>`;
}

/** A line of the thread that is worth a notification; it pings whom it names. */
export function newsOf({ life }: IncidentState, name: string): Message | undefined {
  const news = life.news.find((one) => `news.${one.number}` === name);
  if (!news) return undefined;
  const mention = /^S[A-Z0-9]{2,30}$/.test(news.mention) ? `<!subteam^${news.mention}> ` : '';
  const line = `${mention}${mrkdwn(news.words, 600)}`;
  return message(line, section([line]));
}
