// Where Redis is, from the settings that say so; the bot and the command line read them alike. Files of certificates are
// read here, once. Invariant: a problem names the setting and its cure, never the value of a secret.

import { readFileSync } from 'node:fs';
import { SETTINGS, type SettingName } from './settings.ts';

export interface RedisSettings {
  url: string;
  /** For rediss only: what the files hold, and the name in the certificate. */
  tls?: { ca?: string; cert?: string; key?: string; servername?: string };
  sentinels: { host: string; port: number }[];
  sentinelPassword: string;
}

type Environment = { [name: string]: string | undefined };

/** Problems are sentences for whoever sets them. */
export function redisSettings(environment: Environment): { redis: RedisSettings; problems: string[] } {
  const problems: string[] = [];
  const raw = (name: SettingName): string => (environment[name] ?? '').trim();
  const said = (name: SettingName, problem: string): void =>
    void problems.push(`${name} ${problem}. ${SETTINGS[name].where}`);
  const file = (name: SettingName): string | undefined => {
    if (raw(name) === '') return undefined;
    try {
      const text = readFileSync(raw(name), 'utf8');
      if (text.includes('-----BEGIN ')) return text;
      said(name, 'names a file that is not PEM');
    } catch (error) {
      said(name, `names a file that cannot be read (${(error as NodeJS.ErrnoException).code})`);
    }
    return undefined;
  };

  const url = raw('REDIS_URL');
  if (url === '') said('REDIS_URL', 'is not set');
  else if (!/^rediss?:\/\//.test(url)) said('REDIS_URL', 'does not look right: it begins with redis:// or rediss://');
  const tls = {
    ca: file('LOOPBREAKER_REDIS_CA'),
    cert: file('LOOPBREAKER_REDIS_CERT'),
    key: file('LOOPBREAKER_REDIS_KEY'),
  };
  const servername = raw('LOOPBREAKER_REDIS_SERVERNAME');
  const given = TLS_SETTINGS.filter((name) => raw(name) !== '');
  if (given[0] && url.startsWith('redis://'))
    problems.push(`${given[0]} is set, but REDIS_URL begins with redis://. Write rediss://, or take it away.`);
  if ((raw('LOOPBREAKER_REDIS_CERT') === '') !== (raw('LOOPBREAKER_REDIS_KEY') === ''))
    problems.push('LOOPBREAKER_REDIS_CERT and LOOPBREAKER_REDIS_KEY belong together: set both, or neither.');
  const sentinels = sentinelsOf(raw('LOOPBREAKER_REDIS_SENTINELS'));
  if (!sentinels) said('LOOPBREAKER_REDIS_SENTINELS', 'must be HOST:PORT, separated by commas');
  return {
    redis: {
      url,
      ...(given.length > 0 ? { tls: { ...tls, ...(servername ? { servername } : {}) } } : {}),
      sentinels: sentinels ?? [],
      sentinelPassword: raw('LOOPBREAKER_REDIS_SENTINEL_PASSWORD'),
    },
    problems,
  };
}

const TLS_SETTINGS = [
  'LOOPBREAKER_REDIS_CA',
  'LOOPBREAKER_REDIS_CERT',
  'LOOPBREAKER_REDIS_KEY',
  'LOOPBREAKER_REDIS_SERVERNAME',
] as const;

function sentinelsOf(text: string): RedisSettings['sentinels'] | undefined {
  const parts = text.split(/[\s,]+/).filter(Boolean);
  const found = parts.map((part) => /^(\[[0-9a-fA-F:.]+\]|[\w.-]+)(?::(\d{1,5}))?$/.exec(part));
  if (found.some((match) => match === null)) return undefined;
  return found.map((match) => ({
    host: (match?.[1] ?? '').replace(/^\[|\]$/g, ''),
    port: Number(match?.[2] ?? 26_379),
  }));
}
