// `loopbreaker mute`: nobody is told anything new of an incident for a while; `unmute` ends that. The card says who did it.

import { userInfo } from 'node:os';
import { MUTE_SECONDS_MAX } from '../core/incident/caring.ts';
import type { IncidentEvent } from '../core/incident/events.ts';
import { isOver, isQuestion } from '../core/incident/life.ts';
import type { IncidentState } from '../core/incident/state.ts';
import { durationWords } from '../core/spoken.ts';
import { createLog } from '../roles/log.ts';
import { openStories } from '../roles/story.ts';
import { complain, type ExitCode, json, out } from './output.ts';
import { openRedis } from './redis.ts';

export interface MuteOptions {
  for?: string;
  reason?: string;
  json?: boolean;
}

const UNITS: { [unit: string]: number } = { m: 60, h: 3_600, d: 86_400 };

/** "30m", "4h", "2d" in seconds; undefined when it is none of these or too long. */
export function lengthOf(text: string): number | undefined {
  const [, count, unit = ''] = /^([1-9]\d{0,4})([mhd])$/.exec(text) ?? [];
  const seconds = Number(count) * (UNITS[unit] ?? Number.NaN);
  return seconds <= MUTE_SECONDS_MAX ? seconds : undefined;
}

export async function muteCommand(incident: string, options: MuteOptions): Promise<ExitCode> {
  const seconds = lengthOf(options.for ?? '1h');
  if (seconds === undefined) {
    complain(`--for ${options.for} is no length of time up to 14 days. Try --for 30m, --for 4h or --for 2d.`);
    return 2;
  }
  const until = new Date(Date.now() + seconds * 1_000).toISOString();
  const reason = (options.reason ?? '').trim().slice(0, 200);
  return tellCare(
    incident,
    options,
    () => ({ type: 'muted', by: whoami(), until, reason }),
    `Muted for ${durationWords(seconds)}, until ${until}.`,
  );
}

export async function unmuteCommand(incident: string, options: MuteOptions): Promise<ExitCode> {
  const event = ({ life }: IncidentState): IncidentEvent => ({
    type: 'unmuted',
    by: whoami(),
    until: life.mute?.until ?? '',
  });
  return tellCare(incident, options, event, 'Unmuted.');
}

async function tellCare(
  incident: string,
  options: MuteOptions,
  eventFor: (state: IncidentState) => IncidentEvent,
  done: string,
): Promise<ExitCode> {
  const { LOOPBREAKER_APPROVAL_KEY = '' } = process.env;
  const keys = LOOPBREAKER_APPROVAL_KEY.split(',').flatMap((key) => key.trim() || []);
  const redis = await openRedis('incidents are');
  if (!redis) return 2;
  const { stories, close } = openStories(redis, keys, createLog('silent', 'cli'));
  try {
    const stored = await stories.read(incident);
    if (!stored) {
      complain(`There is no incident ${incident}. List them with: loopbreaker audit`);
      return 1;
    }
    if (isOver(stored.state) || isQuestion(stored.state)) {
      complain(
        `Incident ${incident} is ${isQuestion(stored.state) ? 'an answer to a question' : 'over'}: there is nothing to mute.`,
      );
      return 1;
    }
    const { state } = await stories.transition(incident, eventFor(stored.state));
    if (options.json) json({ incident, mute: state.life.mute });
    else out(`${done}\n`);
    return 0;
  } finally {
    await close();
    await redis.close();
  }
}

/** For the card: a name that pings nobody. */
function whoami(): string {
  return `${userInfo().username} (terminal)`;
}
