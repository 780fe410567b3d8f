// The structured log. It never carries tokens, cluster text or message bodies: ids, codes and our own sentences only. The
// words of an error are foreign, so every line is redacted where it leaves, and no secret of our own settings gets out.

import { type DestinationStream, type Logger, pino } from 'pino';
import { redactText } from '../core/redact.ts';

export type Log = Logger;

/** `secrets` are values of settings that no line may show; `to` is where lines go, standard output if missing. */
export function createLog(level: string, role: string, secrets: readonly string[] = [], to?: DestinationStream): Log {
  const own = secrets.filter(({ length }) => length >= SHORTEST).sort((a, b) => b.length - a.length);
  const shown = (text: string): string =>
    redactText(own.reduce((rest, secret) => rest.replaceAll(secret, '‹hidden setting›'), text)).text;
  const line = (written: string): string =>
    `${JSON.stringify(JSON.parse(written, (_, value) => (typeof value === 'string' ? shown(value) : value)))}\n`;
  const options = {
    level,
    base: { role },
    redact: { paths: ['*.token', '*.authorization', 'token', 'authorization'], censor: '[hidden]' },
    hooks: { streamWrite: line },
  };
  return to ? pino(options, to) : pino(options);
}

/** A shorter one is a word that stands in sentences too. */
const SHORTEST = 6;

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
