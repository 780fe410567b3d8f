// Where Redis is and how it is spoken to, in the client's own options. Invariant: with rediss every connection is
// encrypted and checked, those to Sentinels too.

import type { ConnectionOptions as TlsOptions } from 'node:tls';
import type { RedisOptions } from 'ioredis';
import { QueueMisconfigured } from './errors.ts';
import { parseRedisUrl } from './redis-url.ts';

export interface RedisPlace {
  /** redis:// or rediss://; with sentinels its host is the name by which they know the master. */
  url: string;
  /** For rediss: an own authority, a client certificate, the name that the certificate has. */
  tls?: Pick<TlsOptions, 'ca' | 'cert' | 'key' | 'servername'>;
  sentinels?: { host: string; port: number }[];
  /** Where sentinels ask for one of their own. */
  sentinelPassword?: string;
}

export interface Address {
  /** Without user and password. */
  where: string;
  tls: boolean;
  /** Another Redis may take its place. */
  failsOver: boolean;
  address: RedisOptions;
}

/** @throws QueueMisconfigured with what is wrong about it. */
export function addressOf(place: string | RedisPlace, closed: () => boolean): Address {
  const { url, tls, sentinels = [], sentinelPassword }: RedisPlace = typeof place === 'string' ? { url: place } : place;
  const { where, ...address } = parseRedisUrl(url, tls);
  if (sentinels.length === 0) return { where, tls: address.tls !== undefined, failsOver: false, address };
  if (new URL(url).port !== '')
    throw new QueueMisconfigured(
      'REDIS_URL names a port, but Sentinels know where the master is. Write redis://user:password@MASTER-NAME/0.',
    );
  const { host: name, port: _, tls: secured, ...rest } = address;
  return {
    where: `${name} (by ${sentinels.length === 1 ? 'a Sentinel' : `${sentinels.length} Sentinels`})`,
    tls: secured !== undefined,
    failsOver: true,
    address: {
      ...rest,
      name,
      sentinels,
      ...(sentinelPassword ? { sentinelPassword } : {}),
      ...(secured ? { tls: secured, sentinelTLS: secured, enableTLSForSentinelMode: true } : {}),
      sentinelRetryStrategy: (times) => (closed() ? null : Math.min(times * 100, 1_000)),
      sentinelCommandTimeout: 1_000,
    },
  };
}
