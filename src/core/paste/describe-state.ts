// The state of a container as describe prints it: one key, its fields below, and a message that may go over
// several lines at any depth.

import type { JsonObject } from '../json.ts';
import { indentOf } from './clean.ts';
import { keyValue } from './describe-lines.ts';
import { timeOf } from './times.ts';

/** The codes of ends whose reason leaves no other. */
const CODES: { [reason: string]: number } = { Completed: 0, OOMKilled: 137, StartError: 128, ContainerCannotRun: 127 };

/** `State:` or `Last State:` with the lines below it; `line` is the key's own. */
export function stateOf(value: string, below: string[], line: string): JsonObject {
  const fields = stateFields(below, indentOf(line));
  const reason = fields.Reason === undefined ? {} : { reason: fields.Reason };
  const time = (name: string, key: string): JsonObject => {
    const at = timeOf(fields[name] ?? '');
    return at === undefined ? {} : { [key]: at };
  };
  if (value === 'Running') return { running: time('Started', 'startedAt') };
  if (value === 'Waiting')
    return { waiting: { ...reason, ...(fields.Message === undefined ? {} : { message: fields.Message }) } };
  if (value !== 'Terminated') return {};
  const signal = /^\d+$/.test(fields.Signal ?? '') ? { signal: Number(fields.Signal) } : {};
  const code = /^-?\d+$/.test(fields['Exit Code'] ?? '') ? Number(fields['Exit Code']) : CODES[fields.Reason ?? ''];
  // Cut off above the code: how it ended was not shown.
  if (code === undefined) return {};
  const message = fields.Message === undefined ? {} : { message: onOneLine(fields.Message) };
  return {
    terminated: {
      exitCode: code,
      ...signal,
      ...reason,
      ...message,
      ...time('Started', 'startedAt'),
      ...time('Finished', 'finishedAt'),
    },
  };
}

/** What a runtime says is one line; breaks in it come from a chat client. */
function onOneLine(message: string): string {
  return /^(?:failed to (?:create|start)|OCI runtime|runc |exec: |container create failed|rpc error|error gathering)/.test(
    message,
  )
    ? message
        .split('\n')
        .map((line) => line.trim())
        .join(' ')
        .trim()
    : message;
}

/** What stands below a state. */
export const STATE_KEYS = new Set(['Reason', 'Message', 'Exit Code', 'Signal', 'Started', 'Finished']);

/** The message alone may go over several lines, printed without any depth. */
function stateFields(below: string[], depth: number): { [key: string]: string | undefined } {
  const fields: { [key: string]: string | undefined } = {};
  let message: string[] | undefined;
  for (const [i, line] of below.entries()) {
    const pair = keyValue(line);
    const isKey =
      pair !== undefined &&
      STATE_KEYS.has(pair.key) &&
      (message === undefined || endsMessage(pair.key, line, depth, below, i));
    if (isKey && pair.key === 'Message') message = [pair.value];
    else if (isKey) {
      if (message) fields.Message ??= message.join('\n');
      message = undefined;
      fields[pair.key] = pair.value;
    } else if (message) message.push(line);
    else if (line.trim() !== '' && fields.Reason !== undefined && Object.keys(fields).length === 1)
      fields.Reason += ` ${line.trim()}`;
  }
  if (message) fields.Message ??= message.join('\n');
  // kubectl ends the field with a newline of its own; the message keeps its own.
  return fields;
}

function endsMessage(key: string, line: string, depth: number, below: string[], at: number): boolean {
  if (key !== 'Exit Code' || !/^\s*Exit Code:\s+-?\d+\s*$/.test(line)) return false;
  return (
    depth === 0 || indentOf(line) > depth || !below.slice(at + 1).some((l) => /^\s*Exit Code:\s+-?\d+\s*$/.test(l))
  );
}
