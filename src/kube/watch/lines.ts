// The bytes of a watch as lines. Invariant: never more than one line is held, and no line beyond the bound.
import type { Chunks } from '../ask.ts';
import { LocalFailure, NOT_KUBERNETES } from '../errors.ts';

/** The API server's own limit for one object is 3 MB. */
const LINE_BYTES_MAX = 8 * 1024 * 1024;
const NEWLINE = 10;

export async function* linesOf(chunks: Chunks, bytesMax = LINE_BYTES_MAX): AsyncGenerator<string> {
  let begun: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    let from = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
      const line = Buffer.concat([...begun, chunk.subarray(from, end)]).toString('utf8');
      begun = [];
      size = 0;
      from = end + 1;
      if (line.trim() !== '') yield line;
    }
    if (from === chunk.byteLength) continue;
    size += chunk.byteLength - from;
    if (size > bytesMax)
      throw new LocalFailure(NOT_KUBERNETES, `a line of the watch is larger than ${bytesMax / 1024 ** 2} MB`);
    // A copy: the rest must not keep a whole chunk alive.
    begun.push(chunk.slice(from));
  }
}
