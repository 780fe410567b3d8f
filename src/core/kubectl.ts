// Writes kubectl commands that are safe to paste: only DNS-1123 names go in bare, everything else is shell-quoted.

export const NAME = /^[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?$/;

export function isName(name: string): boolean {
  return NAME.test(name);
}

/** One shell word. */
export function quote(word: string): string {
  return /^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** `kubectl` with its words quoted; null when a name in it is not one that Kubernetes allows. */
export function kubectl(words: string[], names: string[]): string | null {
  return names.every(isName) ? ['kubectl', ...words.map(quote)].join(' ') : null;
}
