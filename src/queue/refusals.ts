// What Redis or the way to it says no with -> our own sentence with the cure. Invariant: a sentence for the person who
// asked says whether anything was started; no sentence repeats a password, a key or a value.

import { QueueUnavailable } from './errors.ts';

const started = 'so nothing was started';
const again = 'Try again in a minute. If this goes on, ask whoever runs me to look at Redis.';

const away = `My queue (Redis) does not answer, ${started}. ${again}`;
export const silent =
  'My queue (Redis) did not answer in time: your request may or may not have been noted, so look before you ask again. ' +
  'If this goes on, ask whoever runs me to look at Redis.';

/** Redis' own error codes, as https://redis.io/docs/latest/develop/reference/protocol-spec names them. */
const ANSWERS: [RegExp, (error: string) => string][] = [
  [/^OOM /, () => `is full, ${started}. Ask whoever runs me to give Redis more memory (maxmemory).`],
  [/^MISCONF /, () => `cannot write to its disk, ${started}. Ask whoever runs me whether the disk of Redis is full.`],
  [/^LOADING /, () => `is still loading what it kept, ${started}. ${again}`],
  [
    /^READONLY /,
    () =>
      `is a replica, which takes no writes, ${started}. ${again} REDIS_URL must lead to the master, also after a failover.`,
  ],
  [
    /^(NOPERM |ERR (The user executing the script|ACL failure in script))/,
    (error) =>
      `does not let my user ${refused(error)}, ${started}. Ask whoever runs me to give it the rights in docs/redis.md.`,
  ],
  [/^(NOAUTH|WRONGPASS) /, () => `refuses my user or password, ${started}. Ask whoever runs me to correct REDIS_URL.`],
  [
    /^(MOVED|ASK|CROSSSLOT|CLUSTERDOWN) /,
    () =>
      `is a Redis Cluster, which I do not use, ${started}. Ask whoever runs me for a single Redis or one with Sentinels.`,
  ],
  [/^NOREPLICAS /, () => `misses the replicas that it must have to take a write, ${started}. ${again}`],
  [/^(MASTERDOWN|TRYAGAIN|BUSY) /, () => `cannot answer at the moment, ${started}. ${again}`],
];

/** `run the 'evalsha' command`, or what else of an error's own words names a command and no content. */
function refused(error: string): string {
  const command = /run the '([a-z|-]{1,40})' command/.exec(error)?.[1];
  if (command) return `run ${command.toUpperCase()}`;
  if (/run this command/.test(error)) return 'run a command of my scripts';
  return /channel/.test(error) ? 'use my channels' : 'use my keys';
}

/** Redis repeats what it was sent to a command that it does not know, the password behind AUTH too. */
export function withoutArguments<Thrown>(error: Thrown): Thrown {
  if (error instanceof Error) error.message = error.message.replace(/,? with args beginning with:[\s\S]*$/, '');
  return error;
}

/** Connection troubles and refusals of Redis become QueueUnavailable; all else is passed on as it is. */
export function explain(cause: unknown): unknown {
  if (!(cause instanceof Error) || cause instanceof QueueUnavailable) return cause;
  withoutArguments(cause);
  if (cause.name === 'ReplyError') {
    const [, words] = ANSWERS.find(([code]) => code.test(cause.message)) ?? [];
    return words ? new QueueUnavailable(`My queue (Redis) ${words(cause.message)}`, { cause }) : cause;
  }
  if (/isn't writeable/.test(cause.message)) return new QueueUnavailable(away, { cause });
  if (/max retries per request|Connection is closed|ECONN|EPIPE|ETIMEDOUT|Socket timeout/i.test(cause.message))
    return new QueueUnavailable(silent, { maybeDone: true, cause });
  return cause;
}

/** There is no connection: the last try ended so. */
export function explainAway(cause: Error | undefined): unknown {
  return cause?.name === 'ReplyError' ? explain(cause) : new QueueUnavailable(away, { cause });
}

/** What ended the last try to connect. */
export interface Failure {
  error: Error | undefined;
  /** As far as the connection came: not at all, or to a server that had not said it is ready. */
  reached: boolean;
  tls: boolean;
}

/** By the words of Node's TLS and of OpenSSL: what was found, and what cures it. */
const TLS_TROUBLES: [RegExp, string, string][] = [
  [
    /wrong version number|packet length too long|record layer/i,
    'it does not speak TLS there',
    'Write redis://, or name its TLS port.',
  ],
  [
    /certificate required|handshake failure|bad certificate/i,
    'it asks for a certificate of mine',
    'Set LOOPBREAKER_REDIS_CERT and LOOPBREAKER_REDIS_KEY to one that its authority signed.',
  ],
  [
    /altnames|does not match/i,
    'its certificate is for another name',
    'Set LOOPBREAKER_REDIS_SERVERNAME to the name in it, or correct REDIS_URL.',
  ],
  [/expired/i, 'its certificate has expired', 'Renew it.'],
  [
    /self.signed|unable to (verify|get)/i,
    'I do not know the authority that signed its certificate',
    "Set LOOPBREAKER_REDIS_CA to that authority's file.",
  ],
];

/** What was found at the start, and what cures it. */
export function whyNotReached({ error, reached, tls }: Failure): string {
  const words = error?.message ?? '';
  const [, found, cure] = (tls && TLS_TROUBLES.find(([pattern]) => pattern.test(words))) || [];
  if (found) return `(${found}). ${cure}`;
  if (/sentinels are unreachable/.test(words))
    return '(no Sentinel names its master). See that those of LOOPBREAKER_REDIS_SENTINELS run, and that they know the name that REDIS_URL has for a host.';
  if (/ECONNRESET|EPIPE/.test(words))
    return tls
      ? '(it hangs up on me). It may ask for a certificate of mine: set LOOPBREAKER_REDIS_CERT and LOOPBREAKER_REDIS_KEY to one that its authority signed.'
      : '(it hangs up on me). It may expect TLS: write rediss://.';
  if (words) return `(${words}). Start it, or correct REDIS_URL.`;
  if (reached) return '(it answers, but is still loading what it kept). Wait for it, and start me again.';
  const other = tls ? 'does not speak TLS there, write redis://' : 'expects TLS, write rediss://';
  return `(no answer in time). Start it, or correct REDIS_URL; if it ${other}.`;
}
