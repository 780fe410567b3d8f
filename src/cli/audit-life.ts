// What the journal says of an incident's life, as a line that a person reads.

import type { IncidentEvent } from '../core/incident/events.ts';

type LifeEvent = Extract<
  IncidentEvent,
  {
    type: 'heard' | 'identified' | 'merged' | 'open-elsewhere' | 'settled' | 'looked' | 'taken' | 'muted' | 'unmuted';
  }
>;

export function lifeWords(event: LifeEvent): { by: string; what: string } {
  const own = (what: string) => ({ by: '', what });
  switch (event.type) {
    case 'heard':
      return { by: event.signal.source, what: `said that ${event.signal.title} is ${event.signal.status}` };
    case 'identified': {
      const { identity, channel, route } = event;
      const rule = route.rule ? ` by route “${route.rule}”` : '';
      return own(`found out that it is ${identity.key}; it goes to channel ${channel}${rule}`);
    }
    case 'merged':
      return own(`joined incident ${event.into}, which is about the same`);
    case 'open-elsewhere':
      return own(`told of the open incident ${event.place.incident}`);
    case 'settled':
      return own('waited for others of the same cause');
    case 'looked': {
      const { is, words } = event.look;
      return own(`looked again: ${is}${words ? `, ${words}` : ''}${event.report ? '; answered anew' : ''}`);
    }
    case 'taken':
      return { by: event.by, what: event.whom ? `gave it to ${event.whom}` : 'gave it back' };
    case 'muted':
      return { by: event.by, what: `muted it until ${event.until}${event.reason ? `: “${event.reason}”` : ''}` };
    case 'unmuted':
      return event.by ? { by: event.by, what: 'unmuted it' } : own('let the mute end');
  }
}
