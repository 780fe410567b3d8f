// How grave a line of a log is, by the words and numbers that logging libraries use.

export type Level = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | '';

const LEVELS: { [word: string]: Level } = {
  trace: 'debug',
  debug: 'debug',
  dbg: 'debug',
  dbug: 'debug',
  d: 'debug',
  verbose: 'debug',
  info: 'info',
  inf: 'info',
  notice: 'info',
  note: 'info',
  log: 'info',
  information: 'info',
  i: 'info',
  warn: 'warn',
  warning: 'warn',
  wrn: 'warn',
  w: 'warn',
  error: 'error',
  err: 'error',
  severe: 'error',
  fail: 'error',
  e: 'error',
  critical: 'fatal',
  crit: 'fatal',
  fatal: 'fatal',
  ftl: 'fatal',
  panic: 'fatal',
  alert: 'fatal',
  emerg: 'fatal',
  dpanic: 'fatal',
  f: 'fatal',
  // pino and bunyan
  10: 'debug',
  20: 'debug',
  30: 'info',
  40: 'warn',
  50: 'error',
  60: 'fatal',
};

export function levelOf(word: string | undefined): Level {
  return LEVELS[(word ?? '').toLowerCase()] ?? '';
}
