// Which values of the settings are secrets: whatever leaves a process is looked through for them.

import type { Config } from '../config.ts';

export function secretsOf({ slack, redis, approvalKeys, webhook }: Config): string[] {
  const { botToken, appToken, signingSecret } = slack;
  const password = URL.canParse(redis.url) ? new URL(redis.url).password : '';
  const ofSenders = (webhook?.senders ?? []).flatMap(({ auth: { bearer, basic, hmac, path } }) => [
    bearer,
    basic?.password,
    hmac?.secret,
    path,
  ]);
  const all = [
    botToken,
    appToken,
    signingSecret,
    password,
    unescaped(password),
    redis.sentinelPassword,
    ...approvalKeys,
  ];
  return [...all, ...ofSenders].flatMap((value) => value || []);
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
