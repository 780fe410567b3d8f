// What a terminal does not show (colours, characters of no width) can stand in the middle of a name or of a secret.
// Rules read the text without it; what they find is hidden in the text as it was.

import type { Hit, TextRule } from './hits.ts';
import { linesOf } from './lines.ts';

// Colours as they are, and as JSON and shells write them. Never an OSC: what stands in one is read like any text.
const UNSEEN =
  /(?:(?:\u001b|\\(?:u001b|x1b|033|e))\[|\u009b)[0-9;?]{0,20}[A-Za-z]|[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]/gi;
const MAY_HOLD_SOME = /[\u001b\u009b\u00ad\u200b-\u200f\u2060-\u2064\ufeff]|\\(?:u001b|x1b|033|e)\[/i;

/** Gives a rule's hits in this text, found as if nothing unseen stood in it. */
export function readerOf(text: string): (rule: TextRule) => Hit[] {
  const allSeen = !MAY_HOLD_SOME.test(text);
  const seen = allSeen ? text : text.replace(UNSEEN, '');
  const lines = linesOf(seen);
  if (allSeen) return (rule) => rule(seen, lines);
  let pieces: Piece[] | undefined;
  return (rule) => {
    const hits = rule(seen, lines);
    if (hits.length === 0) return hits;
    pieces ??= piecesOf(text);
    const inText = placesIn(pieces);
    return hits.map((hit) => ({ ...hit, start: inText(hit.start), end: inText(hit.end - 1) + 1 }));
  };
}

/** A stretch without anything unseen: where it begins in what is seen, and how much was dropped before it. */
interface Piece {
  from: number;
  dropped: number;
}

function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = [{ from: 0, dropped: 0 }];
  let dropped = 0;
  for (const match of text.matchAll(UNSEEN)) {
    const from = match.index - dropped;
    dropped += match[0].length;
    pieces.push({ from, dropped });
  }
  return pieces;
}

/** Places in the text; to be asked in order. */
function placesIn(pieces: Piece[]): (seen: number) => number {
  let i = 0;
  return (seen) => {
    while (i + 1 < pieces.length && pieces[i + 1]!.from <= seen) i++;
    return seen + pieces[i]!.dropped;
  };
}
