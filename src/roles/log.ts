// The structured log. It never carries tokens, cluster text or message bodies: ids, codes and our own sentences only.

import { type Logger, pino } from 'pino';

export type Log = Logger;

export function createLog(level: string, role: string): Log {
  return pino({
    level,
    base: { role },
    redact: { paths: ['*.token', '*.authorization', 'token', 'authorization'], censor: '[hidden]' },
  });
}

type BoltLevel = 'error' | 'warn' | 'info' | 'debug';

/** Bolt's own lines, of which only warnings and errors are worth keeping. */
export function boltLogger(log: Log) {
  const line =
    (level: 'warn' | 'error') =>
    (...parts: unknown[]): void =>
      log[level](
        { from: 'bolt' },
        parts
          .map((p) => (p instanceof Error ? p.message : String(p)))
          .join(' ')
          .slice(0, 500),
      );
  return {
    debug: () => {},
    info: () => {},
    warn: line('warn'),
    error: line('error'),
    setLevel: () => {},
    getLevel: () => 'warn' as never as BoltLevel & never,
    setName: () => {},
  };
}
