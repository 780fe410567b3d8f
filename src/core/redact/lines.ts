// Lines of a text that hold one of a few words: dear patterns are tried on them only, not on ten megabytes of log.

export interface Line {
  start: number;
  /** Index of the line's newline, or the text's length. */
  end: number;
}

/** What every name of a secret holds that is worth a look at sentences and at lines below; "key" alone is in every log. */
export const SECRET_WORDS =
  /asswor|ASSWOR|[_-]pass|_PASS|PASS |insecure-|assw?d|ASSW?D|asscode|ass[ -]?phrase|ASSPHRASE|oken|OKEN|ecret|ECRET|[_-][kK]ey|_KEY|[a-z]Key|(?:api|unseal) key|nseal Key|ecovery|redential|mnemonic|psk|requirepass|API key|og ?in (?:with|as|using) /g;

/** A line is read no further than this by patterns that need one. */
const LONGEST_CHARS = 4_000;

/** The lines that a pattern of plain words (global) matches, in order; of an overlong one the stretches around them. */
export function linesWith(text: string, words: RegExp): Line[] {
  const lines: Line[] = [];
  words.lastIndex = 0;
  for (let match = words.exec(text); match; match = words.exec(text)) {
    const newline = text.indexOf('\n', match.index);
    const start = Math.max(text.lastIndexOf('\n', match.index) + 1, match.index - LONGEST_CHARS);
    const end = Math.min(newline < 0 ? text.length : newline, match.index + LONGEST_CHARS);
    lines.push({ start, end });
    words.lastIndex = Math.max(end, match.index + 1);
  }
  return lines;
}
