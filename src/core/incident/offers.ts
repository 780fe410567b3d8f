// The buttons an incident offers in its present state. A button carries an opaque id and no authority: whoever
// handles the click looks the id up here again, in the state as it is then.

import { createHash } from 'node:crypto';
import type { ActionId } from '../action-id.ts';
import { canonical } from '../json.ts';
import { inSentence } from '../plan.ts';
import type { Choice, Question } from '../report.ts';
import type { Match } from '../request.ts';
import { isQuestion } from './life.ts';
import type { IncidentState } from './state.ts';

export type Wish =
  | { is: 'plan'; action: ActionId; title: string; choice?: Choice; asks?: Question }
  | { is: 'approve'; planId: string; title: string }
  | { is: 'reject'; planId: string; title: string }
  | { is: 'cancel'; planId: string; title: string }
  | { is: 'undo'; title: string }
  | { is: 'diagnose-again'; title: string }
  | { is: 'take'; title: string }
  | { is: 'hand-over'; title: string }
  | { is: 'mute'; title: string }
  | { is: 'unmute'; title: string }
  | { is: 'pick'; match: Match; title: string };

export type Offer = Wish & { id: string };

export function offersOf(state: IncidentState): Offer[] {
  return wishes(state).map((wish) => ({ ...wish, id: offerId(state, wish) }));
}

/** The offer behind a button's value, or undefined when it is no longer offered. */
export function offerWithId(state: IncidentState, id: string): Offer | undefined {
  return offersOf(state).find((offer) => offer.id === id);
}

/** What a button's value holds: `INCIDENT.OFFER`. */
export function buttonValue(state: IncidentState, offer: Offer): string {
  return `${state.id}.${offer.id}`;
}

export function readButtonValue(value: string): { incident: string; offer: string } | undefined {
  const match = /^([\w-]{8,64})\.([0-9a-f]{16})$/.exec(value);
  return match ? { incident: match[1] ?? '', offer: match[2] ?? '' } : undefined;
}

function wishes(state: IncidentState): Wish[] {
  return [...remedyWishes(state), ...careWishes(state)];
}

function remedyWishes(state: IncidentState): Wish[] {
  switch (state.phase) {
    case 'choosing':
      return pickWishes(state);
    case 'diagnosed':
      return [...planWishes(state), ...undoWish(state), { is: 'diagnose-again', title: 'Diagnose again' }];
    case 'planned':
      return state.plan
        ? [
            { is: 'approve', planId: state.plan.plan.id, title: 'Approve' },
            { is: 'reject', planId: state.plan.plan.id, title: 'Reject…' },
            { is: 'cancel', planId: state.plan.plan.id, title: 'Withdraw' },
          ]
        : [];
    case 'recovered':
      return undoWish(state);
    case 'not-recovered':
      return [...undoWish(state), { is: 'diagnose-again', title: 'Diagnose again' }];
    case 'refused':
      return [...pickWishes(state), { is: 'diagnose-again', title: 'Try again' }];
    case 'expired':
      return [{ is: 'diagnose-again', title: 'Diagnose again' }];
    default:
      return [];
  }
}

function pickWishes({ matches }: IncidentState): Wish[] {
  return matches.map((match) => ({ is: 'pick', match, title: `${match.namespace}/${match.name}` }));
}

/** An answer to a question is nobody's to look after. */
function careWishes(state: IncidentState): Wish[] {
  const { takenBy, mute } = state.life;
  if (isQuestion(state) || !['diagnosed', 'not-recovered'].includes(state.phase)) return [];
  return [
    takenBy === '' ? { is: 'take', title: 'I take it' } : { is: 'hand-over', title: 'Hand over…' },
    mute ? { is: 'unmute', title: 'Unmute' } : { is: 'mute', title: 'Mute…' },
  ];
}

function planWishes(state: IncidentState): Wish[] {
  const proposals = state.report?.proposals ?? [];
  const best = proposals
    .filter(({ refusal }) => refusal === null)
    .map(({ action, title, copyOnly }) => ({ action, title: wished(title, copyOnly) }));
  const others = proposals.flatMap(({ action, choices = [], copyOnly }) =>
    choices.map(({ title, choice }) => ({ action, title: wished(title, copyOnly), choice })),
  );
  const asked = proposals.flatMap(({ action, asks }) =>
    asks ? [{ action, title: asks.title, choice: asks.choice, asks }] : [],
  );
  return [...best, ...asked, ...others].map((wish) => ({ is: 'plan', ...wish }));
}

/** What somebody else owns is not changed by the button: it shows what they are to change. */
function wished(title: string, copyOnly: object | undefined): string {
  return copyOnly ? `Copy the change: ${inSentence(title)}` : title;
}

function undoWish({ operation, copies }: IncidentState): Wish[] {
  if (!operation?.undo) return [];
  const { copyOf } = operation.undo.intent;
  if (copyOf === undefined) return [{ is: 'undo', title: 'Undo…' }];
  return copies?.some((copy) => copy.planId === copyOf) ? [{ is: 'undo', title: 'Delete the copy…' }] : [];
}

function offerId(state: IncidentState, wish: Wish): string {
  const what =
    wish.is === 'plan'
      ? `${wish.action}${wish.choice ? canonical(wish.choice) : ''}`
      : wish.is === 'approve' || wish.is === 'reject' || wish.is === 'cancel'
        ? [wish.planId, ...(state.plan?.number === undefined ? [] : [state.plan.number])].join('.')
        : wish.is === 'pick'
          ? `${wish.match.namespace}/${wish.match.kind}/${wish.match.name}`
          : wish.is === 'take' || wish.is === 'hand-over'
            ? state.life.takenBy
            : wish.is === 'mute' || wish.is === 'unmute'
              ? (state.life.mute?.until ?? '')
              : (state.operation?.appliedAt ?? '');
  return createHash('sha256').update(`${state.id}/${wish.is}/${what}`).digest('hex').slice(0, 16);
}
