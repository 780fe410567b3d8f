// What of an incident's story is counted, and under which words: few, and all of them ours.

import type { IncidentEvent } from '../core/incident/events.ts';

/** Name and detail of the counter; undefined for what happens too often or means too little. */
export function countedAs(event: IncidentEvent): [name: string, detail: string] | undefined {
  switch (event.type) {
    case 'arrived':
    case 'watched':
      return undefined;
    case 'asked':
      return ['asked', event.request.by.kind];
    case 'diagnosed':
      return ['diagnosed', event.report.verdict.cause];
    case 'posted':
      return ['posted', event.message.replace(/\..*/, '')];
    case 'verified':
      return ['verified', event.recovered ? 'recovered' : 'not-recovered'];
    case 'gave-up':
      return ['gave-up', event.job];
    default:
      return [event.type, ''];
  }
}
