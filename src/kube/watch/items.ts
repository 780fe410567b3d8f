// A list as it comes: each item is handed on as soon as its last byte is here, so that no page is ever held whole.
// Invariant: never more than one item and what stands around the items is held, and neither beyond its bound.
import type { Chunks } from '../ask.ts';
import { LocalFailure, NOT_KUBERNETES } from '../errors.ts';

/** The API server's own limit for one object is 3 MB. */
const ITEM_BYTES_MAX = 8 * 1024 * 1024;
const AROUND_BYTES_MAX = 1024 * 1024;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const [BRACE, BRACE_END, BRACKET, BRACKET_END] = [0x7b, 0x7d, 0x5b, 0x5d];

/**
 * The objects of the arrays that stand directly in the answer go to `item` as JSON texts; resolves with the answer
 * without them. Throws LocalFailure when either is larger than its bound.
 */
export async function itemsOf(chunks: Chunks, item: (json: string) => void): Promise<string> {
  const around = textUpTo(AROUND_BYTES_MAX, 'what stands around the items of a list');
  const one = textUpTo(ITEM_BYTES_MAX, 'an item of a list');
  let depth = 0;
  let inString = false;
  let escaped = false;
  let inItems = false;
  for await (const chunk of chunks) {
    // Where the part begins that was not handed on yet: within an item or around them; between two items is nothing.
    let from = 0;
    for (let i = 0; i < chunk.length; i++) {
      const byte = chunk[i];
      if (inString) {
        if (escaped) escaped = false;
        else if (byte === BACKSLASH) escaped = true;
        else if (byte === QUOTE) inString = false;
      } else if (byte === QUOTE) inString = true;
      else if (byte === BRACE || byte === BRACKET) {
        if (inItems && depth === 2) from = i;
        depth += 1;
        if (depth === 2 && byte === BRACKET) {
          inItems = true;
          around.add(chunk.subarray(from, i + 1));
        }
      } else if (byte === BRACE_END || byte === BRACKET_END) {
        depth -= 1;
        if (inItems && depth === 2) {
          one.add(chunk.subarray(from, i + 1));
          item(one.take());
        } else if (inItems && depth === 1) {
          inItems = false;
          from = i;
        }
      }
    }
    if (!inItems) around.add(chunk.subarray(from));
    else if (depth > 2) one.add(chunk.subarray(from));
  }
  return around.take();
}

function textUpTo(bytesMax: number, what: string) {
  let parts: Uint8Array[] = [];
  let size = 0;
  return {
    add: (part: Uint8Array): void => {
      size += part.byteLength;
      if (size > bytesMax) throw new LocalFailure(NOT_KUBERNETES, `${what} is larger than ${bytesMax / 1024 ** 2} MB`);
      parts.push(part);
    },
    take: (): string => {
      const text = (parts.length === 1 ? bufferOf(parts[0]!) : Buffer.concat(parts)).toString('utf8');
      parts = [];
      size = 0;
      return text;
    },
  };
}

/** The same bytes, not copied. */
function bufferOf({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
