// Events API: what the app subscribed to, sent until it is acknowledged. Slack tries again at once, after a minute and
// after five minutes, with the same event id each time; an app that answers late gets the event twice.

import type { Fields } from './block-rules.ts';
import type { Delivery } from './types.ts';
import type { Workspace } from './workspace.ts';

export const RETRY_AFTER_MS = [0, 60_000, 300_000];

export function createEvents(workspace: Workspace, delivery: Delivery, retryAfterMs: number[]) {
  const timers = new Set<NodeJS.Timeout>();

  function payload(event: Fields): Fields {
    const { team, bot } = workspace;
    return {
      token: 'verification-token',
      team_id: team.id,
      api_app_id: bot.appId,
      type: 'event_callback',
      event_id: workspace.nextId('Ev'),
      event_time: Math.floor(workspace.now() / 1000),
      authorizations: [{ team_id: team.id, user_id: bot.userId, is_bot: true, is_enterprise_install: false }],
      is_ext_shared_channel: workspace.channels.get(String(event.channel))?.isExtShared === true,
      event,
    };
  }

  async function attempt(body: Fields, number: number, reason: string): Promise<void> {
    const retry = number > 0 ? { attempt: number, reason } : undefined;
    const answer = await delivery.deliver({ type: 'events_api', payload: body, retry });
    const waitMs = retryAfterMs[number];
    if (answer.ok || waitMs === undefined) return;
    const next = answer.reason === 'operation_timeout' ? 'http_timeout' : 'http_error';
    const timer = setTimeout(() => {
      timers.delete(timer);
      void attempt(body, number + 1, next);
    }, waitMs);
    timers.add(timer);
  }

  return {
    /** Sends one event; resolves when its first attempt has ended, however it ended. */
    send: (event: Fields) => attempt(payload(event), 0, ''),
    stop() {
      for (const timer of timers) clearTimeout(timer);
    },
  };
}
