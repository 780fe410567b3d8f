// Lines of a text that hold one of a few words: dear patterns are tried on them only, not on ten megabytes of log.

export interface Line {
  start: number;
  /** Index of the line's newline, or the text's length. */
  end: number;
}

/** Passwords in other languages. */
const FOREIGN =
  'kennwort|senha|wacht|salasana|adgangskode|losenord|jelsz|lozinka|clave|parola|sifre|contrase|парол|密|口令|パスワード|' +
  '비밀번호|heslo|hasło|lösenord|şifre|khẩu|κωδικ|كلمة';

/** Every name that `secrecyOf` takes for a secret's holds one of these; a table test keeps the two lists together. */
const OF_NAMES =
  `${FOREIGN}|pass|pwd|pw|pswd|psk|secret|token|cred|key|auth|cookie|session|sig|jwt|saml|salt|hmac|otp|dsn|sid|sas|cert|p12|pfx|jks|` +
  'pin(?!g)|hash|nonce|bearer|encrypt|connectionstring|mnemonic|phrase|docker|recovery|backup.?codes|(?:device|pairing|verification|security).?code|code.?verifier|seed|bundle_';

/** Whether a name holds any of them at all. */
export const HAS_NAME_WORD = new RegExp(OF_NAMES, 'i');

/** The words of all names that a secret can stand beside: one look at ten megabytes tells the lines that matter. */
const NAME_WORDS = new RegExp(`${OF_NAMES}|insecure-|log ?in (?:with|as|using) `, 'gi');

/** What every name holds whose value is a secret, whatever it is: worth a look at sentences and at lines below. */
const SECRET_WORDS = new RegExp(
  `${FOREIGN}|${String.raw`pass(?!ing|ed\b|enger|age)|pw|pswd|psk|secret|token|cred|[\w.-]key|(?:api|unseal|licen[cs]e) key|(?:master|redis|cli|neo4j|basic).?auth|authuser|authtok|sharedaccess|xamz|xgoog|recovery|backup.?code|mnemonic|phrase|seed|\b(?:pin|otp)\b|authenticator|(?:pairing|verification|security) code|docker|erlang.?cookie|insecure-|log ?in (?:with|as|using) `}`,
  'gi',
);

/** A line is read no further than this by patterns that need one. */
const LONGEST_CHARS = 4_000;

/** Where a name of a secret may stand in a line. */
export const NAME_PARTS = new RegExp(
  `(?:${FOREIGN}|pass|pw|pswd|psk|secret|token|cred|key|auth|phrase|mnemonic)[\\p{L}\\d_.-]{0,60}`,
  'giu',
);

/** Looked for once for all rules, and only when one asks. */
export interface Lines {
  /** Whole lines with a word that names of secrets have. */
  named: () => Line[];
  /** Those of them that are worth a look at sentences and at lines below; of an overlong one the stretches around. */
  naming: () => Line[];
}

export function linesOf(text: string): Lines {
  const named = once(() => linesWith(text, NAME_WORDS, Number.POSITIVE_INFINITY));
  const inLine = ({ start, end }: Line): Line[] =>
    linesWith(text.slice(start, end), SECRET_WORDS).map((part) => ({
      start: start + part.start,
      end: start + part.end,
    }));
  return { named, naming: once(() => named().flatMap(inLine)) };
}

function once<T>(find: () => T): () => T {
  let found: T | undefined;
  return () => {
    found ??= find();
    return found;
  };
}

/** The lines that a pattern of plain words (global) matches, in order; of an overlong one the stretches around them. */
export function linesWith(text: string, words: RegExp, longest = LONGEST_CHARS): Line[] {
  const lines: Line[] = [];
  words.lastIndex = 0;
  for (let match = words.exec(text); match; match = words.exec(text)) {
    const newline = text.indexOf('\n', match.index);
    const start = Math.max(text.lastIndexOf('\n', match.index) + 1, match.index - longest);
    const end = Math.min(newline < 0 ? text.length : newline, match.index + longest);
    lines.push({ start, end });
    words.lastIndex = Math.max(end, match.index + 1);
  }
  return lines;
}
