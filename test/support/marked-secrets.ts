// Texts with marked secrets, for the tests of redaction: `### title` opens a case, «…» is what must vanish, ␛, ␍ and ␀
// stand for control characters, and ¦ is dropped, so that no line of a fixture looks like a live token to a scanner.

import { readFileSync } from 'node:fs';

export type MarkedCase = { title: string; text: string; secrets: string[]; rest: string };

/** Every case of a fixture file, by its path from the repository's root. */
export function markedCases(path: string): MarkedCase[] {
  const blocks = readFileSync(path, 'utf8').split(/^### /m).slice(1);
  return blocks.map((block) => {
    const end = block.indexOf('\n');
    const marked = block
      .slice(end + 1)
      .replace(/\n$/, '')
      .replaceAll('¦', '')
      .replaceAll('␛', '\u001b')
      .replaceAll('␍', '\r')
      .replaceAll('␀', '\0');
    return {
      title: block.slice(0, end),
      text: marked.replace(/[«»]/g, ''),
      secrets: [...marked.matchAll(/«([^»]*)»/g)].map((match) => match[1] ?? ''),
      rest: marked.replace(/«[^»]*»/g, '\n'),
    };
  });
}

/** Pieces of the case's secrets (five characters, or a whole shorter one) which `output` still shows. */
export function leaks({ secrets, rest }: MarkedCase, output: string): string[] {
  const visible = output.replace(/‹hidden [a-z0-9-]{1,40}›/g, '\n');
  return secrets.flatMap((secret) => {
    const size = Math.min(5, secret.length);
    const starts = [...Array(secret.length - size + 1).keys()];
    const pieces = starts.map((start) => secret.slice(start, start + size));
    const shown = pieces.filter((piece) => visible.includes(piece) && !rest.includes(piece));
    return shown.length > 0 ? [secret] : [];
  });
}
