// The message of a structured line: JSON as most libraries print it, MongoDB's own, and logfmt. Fields that carry an error
// are appended to the message, because they often hold the cause.

import { isObject, words } from '../json.ts';
import { levelOf } from './level.ts';
import type { Message } from './message.ts';

const MESSAGE_FIELDS = ['message', 'msg', 'Message', '@m', 'RenderedMessage', '@mt', 'MessageTemplate', 'log', 'text'];
const LEVEL_FIELDS = ['level', 'severity', 'lvl', 'levelname', 'log.level', '@l', 'Level', 'LogLevel', 's'];

const ERROR_FIELDS = [
  'error',
  'err',
  'exception',
  'exc_info',
  'stack',
  'stack_trace',
  'stacktrace',
  'error.type',
  'error.message',
  'error.stack_trace',
  'exception.message',
  'cause',
  '@x',
  'Exception',
  'reason',
  'detail',
];

export function readJson(body: string, before: string): Message | undefined {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return undefined;
  }
  if (!isObject(value)) return undefined;
  const fields = value;
  const message = MESSAGE_FIELDS.map((f) => words(fields[f])).find((v) => v !== undefined) ?? mongoMessage(fields);
  if (message === undefined) return undefined;
  const errors = ERROR_FIELDS.map((f) => errorWords(fields[f])).filter(
    (v): v is string => v !== undefined && !message.includes(v),
  );
  const context = mongoAttributes(fields);
  const text = [before.trim(), [message, ...errors, ...context].join(': ')].filter(Boolean).join(' ');
  const level = LEVEL_FIELDS.map((f) => levelOf(words(fields[f]))).find((l) => l !== '') ?? '';
  return { text, level };
}

function errorWords(value: unknown): string | undefined {
  if (typeof value === 'string') return value || undefined;
  if (!isObject(value)) return undefined;
  const parts = [value.code, value.message ?? value.msg, value.stack]
    .map(words)
    .filter((v): v is string => v !== undefined);
  return parts.length ? parts.join(' ') : JSON.stringify(value).slice(0, 600);
}

function mongoMessage(fields: { [key: string]: unknown }): string | undefined {
  return typeof fields.c === 'string' && typeof fields.ctx === 'string' ? words(fields.msg) : undefined;
}

function mongoAttributes(fields: { [key: string]: unknown }): string[] {
  return isObject(fields.attr) ? [JSON.stringify(fields.attr).slice(0, 800)] : [];
}

const LOGFMT_LEVEL = /(?:^|\s)(?:level|lvl|severity)="?([A-Za-z]+)"?/;
/** A value that was cut off goes to the end of the line. */
const LOGFMT_PAIR = /(?:^|\s)(msg|message|err|error|reason|cause)=(?:"((?:[^"\\]|\\.)*)(?:"|$)|(\S+))/g;

const ESCAPED: { [letter: string]: string } = { n: '\n', t: '\t' };

export function readLogfmt(raw: string): Message | undefined {
  if (!raw.includes('msg=') && !raw.includes('level=') && !raw.includes('lvl=')) return undefined;
  const parts = [...raw.matchAll(LOGFMT_PAIR)].map((m) =>
    (m[2] ?? m[3] ?? '').replace(/\\(["nt])/g, (_, c: string) => ESCAPED[c] ?? c),
  );
  // `type=AVC msg=audit(…): avc: denied …` is a sentence that only looks like it.
  if (parts.length === 0 || !/(?:level|lvl)=|(?:msg|err|error)="/.test(raw)) return undefined;
  return { text: parts.join(': '), level: levelOf(LOGFMT_LEVEL.exec(raw)?.[1]) };
}
