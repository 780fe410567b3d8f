// Exit codes in words. 128 + n is "ended by signal n" by shell convention, which the runtime follows too.

const SIGNALS: { [n: number]: string } = {
  1: 'SIGHUP',
  2: 'SIGINT',
  3: 'SIGQUIT',
  4: 'SIGILL',
  5: 'SIGTRAP',
  6: 'SIGABRT',
  7: 'SIGBUS',
  8: 'SIGFPE',
  9: 'SIGKILL',
  10: 'SIGUSR1',
  11: 'SIGSEGV',
  12: 'SIGUSR2',
  13: 'SIGPIPE',
  14: 'SIGALRM',
  15: 'SIGTERM',
  24: 'SIGXCPU',
  25: 'SIGXFSZ',
  31: 'SIGSYS',
};

const MEANINGS: { [code: number]: string } = {
  0: 'the program ended normally',
  1: 'the program ended itself with an error',
  2: 'the program ended itself: wrong use, a shell error, or an unhandled fault in Go',
  126: 'the command was found but may not be executed',
  127: 'the command was not found',
  128: 'the runtime could not start the program',
  132: 'the program hit an instruction that this processor does not have (SIGILL)',
  134: 'the program aborted itself (SIGABRT)',
  135: 'the program made a bad memory access (SIGBUS)',
  136: 'the program made an arithmetic fault (SIGFPE)',
  137: 'the program was killed (SIGKILL)',
  139: 'the program made an invalid memory access (SIGSEGV)',
  143: 'the program was asked to stop (SIGTERM)',
  255: 'the program ended itself with code 255 or -1, or its exit code was lost',
};

/** What Windows ends a process with (ntstatus.h), as the kubelet shows it: unsigned, or below zero. */
const NT_STATUS: { [code: number]: { is: WindowsFault; words: string } } = {
  3221225477: { is: 'access-violation', words: 'the program made an invalid memory access (STATUS_ACCESS_VIOLATION)' },
  3221225725: { is: 'access-violation', words: 'the program overflowed its stack (STATUS_STACK_OVERFLOW)' },
  3221225781: { is: 'library-missing', words: 'a DLL that the program needs was not found (STATUS_DLL_NOT_FOUND)' },
  3221225785: { is: 'library-missing', words: 'a DLL lacks what the program needs (STATUS_ENTRYPOINT_NOT_FOUND)' },
  3221226356: { is: 'aborted', words: 'the program damaged its heap and was ended (STATUS_HEAP_CORRUPTION)' },
  3221226505: { is: 'aborted', words: 'the program ended itself at once (STATUS_STACK_BUFFER_OVERRUN, fail fast)' },
};

export type WindowsFault = 'access-violation' | 'library-missing' | 'aborted';

/** The fault behind an exit code of Windows; undefined for any other code. */
export function windowsFault(code: number | undefined): WindowsFault | undefined {
  return code === undefined ? undefined : NT_STATUS[code >>> 0]?.is;
}

/** In words, e.g. `exit 137` → "the program was killed (SIGKILL)". Never says out-of-memory: only the kubelet knows. */
export function exitWords(code: number): string {
  const known = MEANINGS[code] ?? NT_STATUS[code >>> 0]?.words;
  if (known) return known;
  const signal = SIGNALS[code - 128];
  if (code > 128 && signal) return `the program was ended by ${signal}`;
  return 'the program ended itself with an error';
}
