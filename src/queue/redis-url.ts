// REDIS_URL -> host, port, user, password, database, TLS. Invariant: neither the URL nor its password is ever part of a
// message; `where` is.

import type { ConnectionOptions as TlsOptions } from 'node:tls';
import { QueueMisconfigured } from './errors.ts';

export interface RedisAddress {
  host: string;
  port: number;
  username?: string;
  password?: string;
  db: number;
  tls?: TlsOptions;
  /** `host:port/db`, fit for logs. */
  where: string;
}

const form = 'Write it as redis://user:password@host:6379/0, or rediss:// for TLS.';

/** @throws QueueMisconfigured with what is wrong about the URL. */
export function parseRedisUrl(text: string, tls?: TlsOptions): RedisAddress {
  if (!URL.canParse(text)) throw new QueueMisconfigured(`REDIS_URL is not a URL. ${form}`);
  const url = new URL(text);
  if (url.protocol !== 'redis:' && url.protocol !== 'rediss:') {
    throw new QueueMisconfigured(`REDIS_URL begins with ${url.protocol}//. ${form}`);
  }
  if (tls && url.protocol === 'redis:') {
    throw new QueueMisconfigured('TLS settings are given, but REDIS_URL begins with redis://. Write rediss://.');
  }
  if (url.search !== '')
    throw new QueueMisconfigured(`REDIS_URL has parameters after "?", which I do not read. ${form}`);
  const path = url.pathname.replace(/^\//, '');
  if (!/^\d{0,4}$/.test(path)) throw new QueueMisconfigured(`REDIS_URL names a database that is no number. ${form}`);
  const host = url.hostname.replace(/^\[|\]$/g, '') || '127.0.0.1';
  const port = Number(url.port || 6379);
  const db = Number(path || 0);
  return {
    host,
    port,
    db,
    ...(url.username ? { username: decoded(url.username) } : {}),
    ...(url.password ? { password: decoded(url.password) } : {}),
    ...(url.protocol === 'rediss:' ? { tls: { ...tls } } : {}),
    where: `${host}:${port}/${db}`,
  };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new QueueMisconfigured('The user or password in REDIS_URL has a bare %. Write it as %25.');
  }
}
