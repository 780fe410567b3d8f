// What several incidents share, in words: the first line of their message.

import { capital } from '../core/headline.ts';
import type { StormState } from '../core/storm/state.ts';
import { bold } from './mrkdwn.ts';

/** "*ledger-db* is down, and 40 workloads in 3 namespaces cannot run without it" */
export function shared({ subject, root }: StormState, many: string): string {
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

export function sureness({ grade, summary }: NonNullable<StormState['root']>): string {
  if (grade === 'likely') return `Probably ${summary}`;
  return grade === 'possible' ? `Possibly ${summary}` : capital(summary);
}
