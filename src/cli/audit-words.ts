// One journal entry as a line that a person reads: who asked, saw, approved, did what. Never the evidence itself.

import type { IncidentEvent } from '../core/incident/events.ts';
import { lifeWords } from './audit-life.ts';

/** Who did it, "" for Loopbreaker itself; and what. */
export function entryWords(event: IncidentEvent): { by: string; what: string } {
  const own = (what: string) => ({ by: '', what });
  switch (event.type) {
    case 'asked': {
      const { wanted, place, by, said } = event.request;
      const where = `${wanted.cluster}/${wanted.namespace || '*'} in channel ${place.channel}`;
      return { by: by.id, what: `asked for ${quoted(said || wanted.name)} (${where})` };
    }
    case 'arrived':
      return own(`read ${event.what}`);
    case 'found-many':
      return own(`found ${event.matches.length} things that match`);
    case 'picked':
      return { by: event.by, what: `chose ${event.match.namespace}/${event.match.name}` };
    case 'refused':
      return own(`could not answer: ${event.sentence}`);
    case 'diagnosed': {
      const { cause, grade, summary } = event.report.verdict;
      return own(`named ${cause} (${grade}): ${summary}`);
    }
    case 'diagnose-again':
      return { by: event.by, what: 'asked for another diagnosis' };
    case 'posted':
      return own(`${shownWords(event.message)} (message ${event.ts})`);
    case 'plan-wanted':
      return { by: event.by, what: `asked for a plan: ${event.action}${chosen(event.choice)}` };
    case 'planned': {
      const { plan, askedBy, expiresAt, requires } = event;
      const rule = requires?.denied ? 'nobody may approve it' : `rule ${quoted(requires?.rule ?? '')}`;
      return own(`planned ${quoted(plan.title)} for ${askedBy}, plan ${plan.id}, until ${expiresAt}, ${rule}`);
    }
    case 'plan-refused':
      return own(`made no plan: ${event.sentence}`);
    case 'approved': {
      const { planId, signed, by } = event;
      const groups = signed?.groups.length ? `, as a member of ${signed.groups.join(', ')}` : '';
      const typed = signed?.typed ? ', typed its name' : '';
      const under = signed ? `, policy ${signed.policyHash.slice(0, 12)}` : ', without a seal';
      return { by, what: `approved plan ${planId}${groups}${typed}${under}` };
    }
    case 'rejected':
      return { by: event.by, what: `rejected plan ${event.planId}${event.reason ? `: ${quoted(event.reason)}` : ''}` };
    case 'cancelled':
      return { by: event.by, what: `withdrew plan ${event.planId}` };
    case 'expired':
      return own(`let plan ${event.planId} expire, if it was still open`);
    case 'attempt-refused': {
      const on = event.planId ? ` plan ${event.planId}` : '';
      return { by: event.by, what: `was refused to ${event.attempt.replaceAll('-', ' ')}${on}: ${event.why}` };
    }
    case 'writing':
      return own(`began to write plan ${event.planId}${event.undo ? '; how to undo it is noted' : ''}`);
    case 'applied':
      return own(`wrote plan ${event.planId}; the template is now ${event.templateHash.slice(0, 12)}`);
    case 'not-applied':
      return own(`did not write plan ${event.planId}: ${event.sentence}`);
    case 'watched':
      return own(`saw: ${event.seen}`);
    case 'verified':
      return own(`${event.recovered ? 'recovered' : 'not recovered'}: ${event.words}`);
    case 'done':
      return own(`finished plan ${event.planId}: ${event.words}`);
    case 'undo-wanted':
      return { by: event.by, what: 'asked to undo' };
    case 'heard':
    case 'identified':
    case 'merged':
    case 'open-elsewhere':
    case 'settled':
    case 'looked':
    case 'taken':
    case 'muted':
    case 'unmuted':
      return lifeWords(event);
    case 'gave-up':
      return own(`gave up ${event.job}: ${event.sentence}`);
    default:
      return own(otherWords(event));
  }
}

/** "showed the plan to the channel" */
function shownWords(message: string): string {
  const [kind, , whom] = message.split('.');
  return kind === 'direct' ? `told ${whom} alone how it ended` : `showed the ${kind} to the channel`;
}

/** An event of another version of Loopbreaker still has a name. */
function otherWords(event: { type: string }): string {
  return event.type;
}

/** " (revision 6)" */
function chosen(choice: { [name: string]: string } = {}): string {
  const words = Object.entries(choice).map(([name, value]) => `${name} ${name === 'value' ? quoted(value) : value}`);
  return words.length > 0 ? ` (${words.join(', ')})` : '';
}

function quoted(text: string): string {
  return JSON.stringify(text.slice(0, 200));
}
