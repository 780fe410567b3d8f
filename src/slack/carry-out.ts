// A gesture that was noted -> what it asks for. It may be carried out twice, by two gateways even: whatever it changes
// carries its id, so that the second time changes nothing.

import type { RespondFn } from '@slack/bolt';
import { ErrorCode, type WebClient } from '@slack/web-api';
import { answerCommand } from './ask.ts';
import { click } from './clicks.ts';
import type { Gesture } from './gesture.ts';
import type { Notes, Ports } from './ports.ts';
import { tell } from './tell.ts';

export interface At {
  client: WebClient;
  /** Our own workspace. */
  teamId: string;
  ports: Ports;
  passes: Notes['passes'];
  /** Answers whoever did it, and nobody else. */
  respond: RespondFn;
}

const LATER =
  'I have noted this, and do it as soon as my queue (Redis) answers again: no need to do it again. After 15 minutes I leave it, and say so.';

/** False while what it needs is away: then it is to be carried out again. Whatever else goes wrong is told in one sentence. */
export async function carryOut(gesture: Gesture, at: At): Promise<boolean> {
  const { ports, respond } = at;
  try {
    await (gesture.is === 'command' ? answerCommand(gesture, at) : press(gesture, at));
    return true;
  } catch (error) {
    const passes = at.passes(error);
    ports.log.error(
      { error: error instanceof Error ? error.message : String(error), gesture: gesture.id },
      'a request from Slack could not be handled',
    );
    await tell(respond, passes ? LATER : tooLate(error) ? ASK_AGAIN : ports.sentenceFor(error)).catch(() => {});
    return !passes;
  }
}

const ASK_AGAIN = 'Slack let me ask my question for three seconds only, and I was not in time. Press it again.';

/** A modal may be opened for three seconds after the press. */
function tooLate(error: unknown): boolean {
  const { code, data } = (error ?? {}) as { code?: unknown; data?: { error?: unknown } };
  return code === ErrorCode.PlatformError && /trigger/.test(String(data?.error));
}

async function press(gesture: Extract<Gesture, { is: 'click' }>, at: At): Promise<void> {
  const { ports } = at;
  await click({
    ...gesture,
    ...at,
    ports: { ...ports, tell: (incident, event) => ports.tell(incident, event, `${gesture.id} ${event.type}`) },
  });
}
