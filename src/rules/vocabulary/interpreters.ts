// How runtimes and shells say that what should run a file is missing, or that it is no program for this machine; and
// which commands are such interpreters. Groups: `command`, `interpreter`.

import { signTable } from '../../core/log-signs.ts';
import { row } from './row.ts';

/** The file is there (the runtime looked), and yet "no such file": what should run it is missing. */
export const NO_INTERPRETER = signTable([
  row('runc', '^exec (?<command>/?\\S{1,200}): no such file or directory'),
  row('runc, older', 'exec user process(?: caused)?:? ?"?no such file or directory(?<command>)'),
  row('bash 5', '(?<command>[^\\s:]{1,200}): cannot execute: required file not found'),
  row('bash, dash', '(?<command>[^\\s:]{1,200}): (?<interpreter>/[\\w/.-]{1,100}?)(?:\\^M|\\r)?: bad interpreter'),
  row('CRLF', `env: (?:can't execute )?['‘"\`]?(?<interpreter>\\w{1,20})(?:\\\\r|\\r|\\^M|\\?)['’"\`]?: No such file`),
  row('CRLF', `(?:\\$'\\\\r'|\\^M|\\\\r): (?:command )?not found(?<interpreter>)`),
  row('CRLF', `[Ii]llegal option -\\s{0,2}(?:\\r|\\^M)?$|set: (?:invalid option|pipefail\\r)(?<interpreter>)`, {
    weak: true,
  }),
]);

export const BAD_FORMAT = signTable([
  row('runc, older', '[Ee]xec(?: user process)?(?: caused)?:? ?"?[Ee]xec format error(?<command>)'),
  row('bash', '(?<command>[^\\s:]{1,200}): cannot execute binary file'),
  row('runc, kernel', '(?:exec:? )?"?(?<command>[^\\s":]{1,200})"?: (?:cannot execute: )?[Ee]xec format error'),
  row(
    'Python, Ruby, Node',
    '(?:\\[Errno 8\\]|ENOEXEC|Errno::ENOEXEC).{0,20}[Ee]xec format error:? ?(?:[\'"](?<command>[^\'"]{1,200}))?',
  ),
  row('any program', '[Ee]xec format error(?<command>)'),
  row('qemu', 'qemu-[\\w-]+: Could not open .{0,10}/lib\\d{0,2}/ld-(?<command>)'),
  row(
    'dash, ash',
    '(?<command>[^\\s:]{1,200}): (?:line )?1: (?:Syntax error: (?:"\\(" unexpected|word unexpected|Unterminated quoted|newline unexpected)|.{0,3}ELF.{0,40}not found)',
  ),
]);

const INTERPRETERS = /^(?:\/\S{0,60}\/)?(?:ba|da|a|z|k|c|fi)?sh$/;
const LANGUAGES =
  /^(?:\/\S{0,60}\/)?(?:(?:ba|da|a|z|k|c|fi)?sh|python[\d.]*|node|nodejs|ruby|perl|php\d*|pwsh|deno|bun|lua\d*|Rscript|elixir|escript|java)$/;

/** "No shell in the image". */
export function isShell(command: string): boolean {
  return INTERPRETERS.test(command);
}

/** What stands behind `#!/usr/bin/env`. */
export function isInterpreter(command: string): boolean {
  return LANGUAGES.test(command);
}
