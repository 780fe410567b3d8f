// Where the command line writes and how it ends: answers on stdout, one clear sentence on stderr when it cannot.

/** 0 done, 1 unreadable or not found, 2 wrong usage. */
export type ExitCode = 0 | 1 | 2;

// Terminal commands, characters that turn the direction of writing, and such as have no width. Of colours pass the few
// that our own words are drawn with (bold, dim, red, yellow and their ends).
const OBEYED =
  /[\u0000-\u0008\u000b-\u001a\u001c-\u001f\u007f-\u009f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]|\u001b(?!\[(?:[12]|22|31|33|39)m)/g;

/** What a cluster wrote may hold characters that a terminal obeys: they are shown, never obeyed. Written so by `out`. */
export function safe(text: string): string {
  return text.replace(OBEYED, '�');
}

export function out(text: string): void {
  process.stdout.write(safe(text));
}

export function complain(sentence: string): void {
  process.stderr.write(`${safe(`loopbreaker: ${sentence}`).replaceAll('\u001b', '�')}\n`);
}

export function json(value: unknown): void {
  process.stdout.write(`${jsonText(value)}\n`);
}

/** JSON in which the characters that a terminal obeys are escapes: the same document to whoever parses it. */
export function jsonText(value: unknown): string {
  return JSON.stringify(value).replace(OBEYED, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
