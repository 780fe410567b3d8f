// One container log, bounded: the first 64 KB and the last MB, with the number of bytes between them.
//
// The API has no "last bytes": `tailLines` counts lines of any length and `limitBytes` counts from the start of what
// `tailLines` left. So the log is read once from its beginning, and only head and tail are kept while it streams by; a log
// file is 10 MiB at most unless a kubelet was told otherwise, so this usually reaches the end and the count is exact. When
// it does not (a larger file, a slow line), the tail is asked for by `tailLines`, estimated from the lines seen so far.

import type { LogText } from '../core/snapshot.ts';
import { ask, type Chunks } from './ask.ts';
import { kubeError, problem } from './errors.ts';
import type { Gathering } from './gathering.ts';
import { pods } from './kinds.ts';
import { why } from './words.ts';

const HEAD_BYTES = 64 * 1024;
const TAIL_BYTES = 1024 * 1024;
/** Just above a kubelet's default log file, 10 MiB, and its last partial line. */
const STREAM_BYTES_MAX = 11 * 1024 * 1024;
const TAIL_TRIES = 3;

/** A 200 whose text is the runtime's apology: there is no log any more. */
const NO_LOG = /^(?:unable to retrieve container logs for |failed to try resolving symlinks in path)/;
/** 400: no such run yet. The log does not exist, which is no gap. */
const NO_RUN = /previous terminated container .* not found|is waiting to start|container .* is not (?:valid|available)/;

/**
 * Reads the log of one run. `runs` names all runs that this text is the log of: while a container waits in back-off,
 * previous and current are the same.
 */
export async function readLog(g: Gathering, pod: string, container: string, ...runs: LogText['run'][]): Promise<void> {
  const [run = 'current'] = runs;
  const gap = (why: string): void => {
    for (const each of runs) g.unread.push({ at: `log.${each}/${pod}/${container}`, why });
  };
  try {
    const read = await boundedLog(g, pod, container, run);
    if (NO_LOG.test(read.text) && read.text.length < 1_000) gap('the runtime no longer has it');
    else for (const each of runs) g.logs.push({ pod, container, run: each, ...read });
  } catch (error) {
    g.signal?.throwIfAborted();
    const { code, message } = kubeError(error);
    if (!(code === 400 && NO_RUN.test(message))) gap(why(error));
  }
  g.say(`${run} log of ${container}`);
}

interface BoundedText {
  text: string;
  skippedBytes?: number;
}

async function boundedLog(g: Gathering, pod: string, container: string, run: LogText['run']): Promise<BoundedText> {
  const request = (query: { [name: string]: string }): Promise<Ends> =>
    ask(
      g.cluster,
      {
        verb: 'get',
        resource: pods,
        subresource: 'log',
        namespace: g.namespace,
        name: pod,
        query: { container, ...(run === 'previous' ? { previous: 'true' } : {}), ...query },
        signal: g.signal,
      },
      (chunks) => endsOf(chunks, g.cluster.timeoutMs / 2),
    );
  const first = await request({ limitBytes: String(STREAM_BYTES_MAX) });
  if (isEnd(first)) return join(first.head, first.tail, first.bytes);
  let lines = Math.floor(TAIL_BYTES / bytesPerLine(first));
  for (let tries = 0; tries < TAIL_TRIES; tries++) {
    const last = await request({ tailLines: String(Math.max(1, lines)), limitBytes: String(STREAM_BYTES_MAX) });
    const tail = Buffer.concat([last.head, last.tail]).subarray(-TAIL_BYTES);
    // How long the whole is nobody says; it is at least what went by.
    if (isEnd(last)) return join(first.head, tail, Math.max(first.bytes, HEAD_BYTES + tail.byteLength + 1));
    lines = Math.floor(lines / 16);
  }
  throw problem('Its last lines are too long to be read.', 'TooLong');
}

function isEnd(read: Ends): boolean {
  return read.whole && read.bytes < STREAM_BYTES_MAX;
}

function bytesPerLine({ head, tail }: Ends): number {
  const kept = Buffer.concat([head, tail]);
  let lines = 1;
  for (const byte of kept) if (byte === NEWLINE) lines++;
  return Math.max(1, kept.byteLength / lines);
}

interface Ends {
  head: Buffer;
  /** The last bytes, those of the head not repeated. */
  tail: Buffer;
  bytes: number;
  /** False when it was given up before its end. */
  whole: boolean;
}

const NEWLINE = 10;

/** Lets a stream go by and keeps both ends; gives up (not whole) after `patienceMs` so that time is left for the tail. */
async function endsOf(chunks: Chunks, patienceMs: number): Promise<Ends> {
  const until = performance.now() + patienceMs;
  const head: Uint8Array[] = [];
  let tail: Uint8Array[] = [];
  let headBytes = 0;
  let tailBytes = 0;
  let bytes = 0;
  let whole = true;
  for await (const chunk of chunks) {
    bytes += chunk.byteLength;
    const forHead = chunk.subarray(0, HEAD_BYTES - headBytes);
    const forTail = chunk.subarray(forHead.byteLength);
    headBytes += forHead.byteLength;
    tailBytes += forTail.byteLength;
    if (forHead.byteLength) head.push(forHead);
    if (forTail.byteLength) tail.push(forTail);
    if (tailBytes > 2 * TAIL_BYTES) {
      tail = [Buffer.concat(tail).subarray(-TAIL_BYTES)];
      tailBytes = TAIL_BYTES;
    }
    if (performance.now() > until) {
      whole = false;
      break;
    }
  }
  return { head: Buffer.concat(head), tail: Buffer.concat(tail).subarray(-TAIL_BYTES), bytes, whole };
}

/** Head and tail as one text. Where something lies between them both are cut at a line, so that no half line is read. */
function join(head: Buffer, tail: Buffer, bytes: number): BoundedText {
  if (head.byteLength + tail.byteLength >= bytes) return { text: Buffer.concat([head, tail]).toString('utf8') };
  const first = head.subarray(0, lastBreak(head)).toString('utf8');
  const last = tail.subarray(firstBreak(tail));
  const text = first + (first.endsWith('\n') ? '' : '\n') + last.toString('utf8');
  return { text, skippedBytes: bytes - lastBreak(head) - last.byteLength };
}

/** After the last whole line; in one endless line, after the last whole letter. */
function lastBreak(head: Buffer): number {
  const line = head.lastIndexOf(NEWLINE) + 1;
  if (line > 0) return line;
  let end = head.byteLength;
  while (end > 0 && isInsideLetter(head[end - 1])) end--;
  return (head[end - 1] ?? 0) >= 0xc0 ? end - 1 : head.byteLength;
}

/** Before the first whole line, unless that gives up most of the tail. */
function firstBreak(tail: Buffer): number {
  const line = tail.indexOf(NEWLINE) + 1;
  if (line > 0 && line < tail.byteLength / 2) return line;
  let start = 0;
  while (isInsideLetter(tail[start])) start++;
  return start;
}

/** A continuation byte of UTF-8. */
function isInsideLetter(byte: number | undefined): boolean {
  return byte !== undefined && byte >> 6 === 0b10;
}
