// What tests give the Slack room: the story in a Redis, a policy of their own and a log that says nothing; and a Slack
// double with a client of it.

import { WebClient } from '@slack/web-api';
import { loadPolicy } from '../../src/config/policy.ts';
import type { IncidentEvent } from '../../src/core/incident/events.ts';
import type { IncidentState } from '../../src/core/incident/state.ts';
import type { Policy } from '../../src/core/policy/policy.ts';
import { type Slack, startSlack } from '../../src/demo/slack/server.ts';
import { sealsWith } from '../../src/roles/approvals.ts';
import { boltLogger, createLog } from '../../src/roles/log.ts';
import type { Ports } from '../../src/slack/ports.ts';
import { SLACK_SECRETS } from './bot-settings.ts';

export const silent = createLog('silent', 'test');

interface Stories {
  read(incident: string): Promise<{ state: IncidentState } | null>;
  transition(incident: string, event: IncidentEvent, how?: { delivery?: string }): Promise<{ state: IncidentState }>;
}

/** Of a gateway that nobody asks and that seals nothing, where `more` does not say otherwise. */
export function portsOver(stories: Stories, more: Partial<Ports> & Pick<Ports, 'policy'>): Ports {
  return {
    ask: () => Promise.reject(new Error('nothing is asked here')),
    read: async (incident) => (await stories.read(incident))?.state,
    tell: async (incident, event, delivery) =>
      (await stories.transition(incident, event, delivery ? { delivery } : {})).state,
    sentenceFor: String,
    history: async () => [],
    storm: async () => undefined,
    ...sealsWith([]),
    now: () => new Date().toISOString(),
    log: silent,
    boltLogger: boltLogger(silent),
    ...more,
  };
}

/** As the settings of those who have no policy file make it. */
export function policyOfReaders(read: Parameters<typeof loadPolicy>[0]['read']): Policy {
  const defaults = { remediation: true, expiresAfterSeconds: 900, memoryFactor: 4, memoryBytes: 2 ** 33, own: [] };
  const loaded = loadPolicy({ path: '', read, approvers: [], clusters: [], defaults });
  if (!loaded.ok) throw new Error(loaded.problems.join());
  return loaded.policy;
}

/** In Socket Mode, without commands; what it does not take is not tried again. */
export async function slackOf(
  what: Pick<Parameters<typeof startSlack>[0], 'users' | 'channels' | 'userGroups'>,
): Promise<{ slack: Slack; client: WebClient }> {
  const slack = await startSlack({ mode: 'socket', ...SLACK_SECRETS, commands: [], ...what });
  const client = new WebClient(SLACK_SECRETS.botToken, { slackApiUrl: slack.apiUrl, retryConfig: { retries: 0 } });
  return { slack, client };
}
