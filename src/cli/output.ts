// Where the command line writes and how it ends: answers on stdout, one clear sentence on stderr when it cannot.

/** 0 done, 1 unreadable or not found, 2 wrong usage. */
export type ExitCode = 0 | 1 | 2;

export function out(text: string): void {
  process.stdout.write(text);
}

export function complain(sentence: string): void {
  process.stderr.write(`loopbreaker: ${sentence}\n`);
}

export function json(value: unknown): void {
  out(`${JSON.stringify(value)}\n`);
}
