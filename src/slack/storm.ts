// The message that speaks for several incidents: what they share, how far it reaches, how it ended. Members stand in its
// thread, with their own remedies. At most a few lines that can be read on a phone.

import { capital } from '../core/headline.ts';
import { counted, durationWords, listed } from '../core/spoken.ts';
import type { Member, StormMessage, StormState } from '../core/storm/state.ts';
import { isShownLater, workloadsOf } from '../core/storm/step.ts';
import { context, type Message, message, section } from './blocks.ts';
import { bold, clock, code, mrkdwn } from './mrkdwn.ts';

/** Names of one namespace, of an overview in all, namespaces, and small incidents that are listed. */
const NAMED = 6;
const NAMED_IN_OVERVIEW = 45;
const NAMESPACES = 5;
const LISTED = 12;

export function stormLookOf(state: StormState, name: StormMessage): Message | undefined {
  if (state.phase === 'gathering') return undefined;
  if (name === 'storm-end') return endOf(state);
  const lines = state.subject.is === 'digest' ? digestLines(state) : stormLines(state);
  return message(lines[0] ?? '', [...section(lines), ...context(...notes(state))]);
}

function stormLines(state: StormState): string[] {
  const { phase, root, startedAt, endedAt } = state;
  const others = waiting(state);
  const all = workloadsOf(others).length;
  const left = workloadsOf(lasting(others)).length;
  const many = manyOf(others);
  const open = phase === 'open';
  const now = open
    ? [`${left} still broken`, all > left ? `${all - left} over` : '']
    : [`over at ${clock(endedAt, { near: startedAt })}`];
  const head = `${shared(state, many)} · on _${mrkdwn(state.cluster, 80)}_`;
  return [
    open ? `🔴 ${head}` : `🟢 ${left > 0 ? '*It is calm again*' : `*${many} run again* or are gone`}`,
    [`Since ${clock(startedAt)}`, ...now].filter(Boolean).join(' · '),
    open ? '' : `It was: ${head}`,
    root?.summary ? `*${mrkdwn(sureness(root), 400)}*` : '',
    root?.proof ? code(root.proof, 200) : '',
    ...namesOf(others, state.subject.is === 'overview' ? NAMED_IN_OVERVIEW : NAMED),
  ];
}

/** "40 workloads in 3 namespaces" */
function manyOf(members: Member[]): string {
  const spaces = [...new Set(members.map(({ namespace }) => namespace))];
  const where = spaces.length === 1 ? code(spaces[0] ?? '', 80) : counted(spaces.length, 'namespace');
  return `${counted(workloadsOf(members).length, 'workload')} in ${where}`;
}

/** "*ledger-db* is down, and 40 workloads in 3 namespaces cannot run without it" */
function shared({ subject, root }: StormState, many: string): string {
  if (subject.is !== 'place') return `*${many} broke within minutes*, and have nothing in common that I know of`;
  const name = bold(subject.place.name);
  switch (subject.place.kind) {
    case 'node':
      return `Node ${name} is not ready, and ${many} run on it`;
    case 'dependency':
      return root ? `${name} is down, and ${many} cannot run without it` : `${name} does not answer ${many}`;
    case 'dns':
      return `*Names are not resolved:* ${many} do not find what they need`;
    case 'api-server':
      return `*The API server does not answer* ${many}`;
    case 'configmap':
      return `ConfigMap ${name} breaks ${many}`;
    case 'secret':
      return `Secret ${name} breaks ${many}`;
    case 'image':
      return `Image ${name} cannot be pulled by ${many}`;
    case 'registry':
      return `Registry ${name} gives no image to ${many}`;
    case 'quota':
      return `The quota of ${name} leaves no room: ${many} get no pod`;
    case 'webhook':
      return `Webhook ${name} does not answer: ${many} get no pod`;
  }
}

function sureness({ grade, summary }: NonNullable<StormState['root']>): string {
  if (grade === 'likely') return `Probably ${summary}`;
  return grade === 'possible' ? `Possibly ${summary}` : capital(summary);
}

/** Those that wait for the place; its own incident is not one of them. */
function waiting({ members }: StormState): Member[] {
  return members.filter((one) => !one.isRoot);
}

function lasting(members: Member[]): Member[] {
  return members.filter((one) => one.ended === '' || one.ended === 'shown');
}

/** A line for each namespace; in it, what is still broken comes first. */
function namesOf(members: Member[], most: number): string[] {
  const names = workloadsOf([...lasting(members), ...members]).map((one) => one.split('/'));
  const spaces = [...new Set(names.map(([namespace = '']) => namespace))];
  const named = Math.max(NAMED, Math.floor(most / Math.min(spaces.length, NAMESPACES)));
  const lines = spaces.slice(0, NAMESPACES).map((namespace) => {
    const own = names.flatMap(([space, name = '']) => (space === namespace ? [mrkdwn(name, 80)] : []));
    const more = own.length - named;
    return `${code(namespace, 80)} ${listed(more > 1 ? [...own.slice(0, named), `${more} more`] : own)}`;
  });
  const more = spaces.length - NAMESPACES;
  return more > 0 ? [...lines, `and ${counted(more, 'more namespace', 'more namespaces')}`] : lines;
}

function notes(state: StormState): string[] {
  const { phase, subject, members, mentions } = state;
  const shown = members.filter((one) => one.ended === 'shown').length;
  const isOpen = phase === 'open' && lasting(members).length > shown;
  const groups = mentions.filter((id) => /^S[A-Z0-9]{2,30}$/.test(id)).map((id) => `<!subteam^${id}>`);
  return [
    isOpen ? threadWords(state) : '',
    shown > 0 && subject.is !== 'digest'
      ? `${shown} of them ${shown === 1 ? 'has a card of its' : 'have cards of their'} own.`
      : '',
    groups.length > 0 && phase === 'open' && subject.is !== 'digest' ? `for ${listed(groups)}` : '',
  ];
}

function threadWords(state: StormState): string {
  const later = state.members.filter(({ incident }) => isShownLater(state, incident)).length;
  if (later === 0) return 'Each of them stands in the thread, with what can be done about it.';
  const stand = state.members.filter(({ ended }) => ended !== 'shown').length - later;
  return `${stand} of them stand in the thread; the others follow when nothing new comes. Ask for one: ${code('/crashloop NAME')}`;
}

function endOf(state: StormState): Message {
  const { phase, subject, startedAt, endedAt } = state;
  const others = waiting(state);
  const all = counted(workloadsOf(others).length, 'workload');
  const left = workloadsOf(lasting(others)).length;
  const lasted = durationWords((Date.parse(endedAt) - Date.parse(startedAt)) / 1_000);
  const ended =
    subject.is === 'overview' && left > 0
      ? `🟢 It is calm again after ${lasted}: ${all} broke, ${left} of them with a card of their own.`
      : `🟢 It is over after ${lasted}: ${all} run again or are gone.`;
  const line = phase === 'open' ? `🔴 It is not over: ${left} of ${all} broke again.` : ended;
  return message(line, section([line]));
}

function digestLines({ members, subject }: StormState): string[] {
  const open = members.filter((one) => one.ended === '');
  const over = members.length - open.length;
  const at = subject.is === 'digest' ? clock(subject.at) : '';
  const more = open.length - LISTED;
  return [
    `${open.length > 0 ? '⚪' : '🟢'} *${counted(members.length, 'small incident')} until ${at}:* ${open.length} still broken, ${over} over`,
    ...open
      .slice(0, LISTED)
      .map((one) => `• ${bold(one.name, 80)} · ${code(one.namespace, 80)} · ${mrkdwn(one.cause, 80)}`),
    more > 0 ? `and ${more} more` : '',
  ];
}
