// The two short-lived keys that Slack gives with an interaction: a trigger id (opens one modal, within three seconds)
// and a response URL (five answers, within half an hour).

import { randomBytes } from 'node:crypto';
import { SlackRefusal } from './refusal.ts';

const TRIGGER_MS = 3_000;
const RESPONSE_MS = 30 * 60_000;
const RESPONSE_USES = 5;

/** Where an interaction came from: what its response URL may answer, replace or delete. */
export type ResponseTarget = {
  kind: 'commands' | 'actions';
  user: string;
  channel: string;
  threadTs?: string;
  /** The message whose button was pressed. */
  messageTs?: string;
};

export function createTriggers(now: () => number) {
  const triggers = new Map<string, { user: string; until: number; used: boolean }>();
  const responses = new Map<string, ResponseTarget & { until: number; uses: number }>();
  const secret = () => randomBytes(12).toString('hex');

  return {
    issueTrigger(user: string): string {
      const id = `${now()}.${secret()}`;
      triggers.set(id, { user, until: now() + TRIGGER_MS, used: false });
      return id;
    },

    /** Exchanges a trigger id for the person who caused it. */
    exchangeTrigger(id: unknown): string {
      const trigger = triggers.get(String(id ?? ''));
      if (!trigger) throw new SlackRefusal('invalid_trigger_id');
      if (trigger.used) throw new SlackRefusal('exchanged_trigger_id');
      if (now() > trigger.until) throw new SlackRefusal('expired_trigger_id');
      trigger.used = true;
      return trigger.user;
    },

    /** The path of a fresh response URL. */
    issueResponse(target: ResponseTarget): string {
      const path = `/${target.kind}/${secret()}`;
      responses.set(path, { ...target, until: now() + RESPONSE_MS, uses: 0 });
      return path;
    },

    useResponse(path: string): ResponseTarget {
      const response = responses.get(path);
      if (!response || now() > response.until) throw new SlackRefusal('expired_url');
      if (response.uses >= RESPONSE_USES) throw new SlackRefusal('used_url');
      response.uses += 1;
      return response;
    },
  };
}

export type Triggers = ReturnType<typeof createTriggers>;
