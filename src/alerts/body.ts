// The body of a webhook: its bytes as they came, since that is what was signed, and the JSON in them. Bounded before and
// after it is unpacked.

import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { z } from 'zod';

export const MOST_BYTES = 1_048_576;

/** `status` and the words that its sender is told. */
export class RefusedBody extends Error {
  readonly status: 400 | 413 | 415;
  constructor(status: 400 | 413 | 415, words: string) {
    super(words);
    this.status = status;
  }
}

const tooLarge = (): RefusedBody =>
  new RefusedBody(413, `The body is larger than ${MOST_BYTES} bytes. Lower max_alerts in the receiver.`);

/** Throws RefusedBody when it is too large. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > MOST_BYTES) throw tooLarge();
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MOST_BYTES) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const unpack = promisify(gunzip);
/** Takes a byte order mark away. */
const utf8 = new TextDecoder();

/** `encoding` is the header Content-Encoding. Throws RefusedBody, and SyntaxError on what is not JSON. */
export async function jsonIn(body: Buffer, encoding = 'identity'): Promise<unknown> {
  return JSON.parse(utf8.decode(await unpacked(body, encoding.trim().toLowerCase())));
}

async function unpacked(body: Buffer, encoding: string): Promise<Buffer> {
  if (encoding === 'identity' || encoding === '') return body;
  if (encoding !== 'gzip' && encoding !== 'x-gzip')
    throw new RefusedBody(415, 'Send the body as it is, or packed with gzip.');
  try {
    return await unpack(body, { maxOutputLength: MOST_BYTES });
  } catch (error) {
    if (error instanceof RangeError) throw tooLarge();
    throw new RefusedBody(400, 'The header Content-Encoding says gzip, and the body is not packed so.');
  }
}

/** What is answered to a payload that cannot be read; undefined for an error that is no fault of its sender. */
export function refusalOf(error: unknown, format: string): RefusedBody | undefined {
  if (error instanceof RefusedBody) return error;
  if (error instanceof SyntaxError) return notAnAlert(format, 'it is not JSON');
  if (error instanceof z.ZodError) return notAnAlert(format, reasonOf(error));
  return undefined;
}

const notAnAlert = (format: string, why: string): RefusedBody =>
  new RefusedBody(400, `This is not an alert in the format ${format}: ${why}`);

const reasonOf = (error: z.ZodError): string => z.prettifyError(error).split('\n').slice(0, 4).join(' ').slice(0, 400);
