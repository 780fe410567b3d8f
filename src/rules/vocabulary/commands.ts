// How runtimes and shells say that a command is not there, may not be run, or is no program for this machine.
// The group `command` is what could not be run. Quotes may be escaped, as in messages that quote messages.

import { type LogSign, signTable } from '../../core/log-signs.ts';

const Q = '\\\\?["\'`“‘’”]';
const WORD = '(?<command>[^\\s"\'`:“”‘’]{1,200})';
const QUOTED = `${Q}(?<command>[^"'\`\\\\]{1,300})${Q}`;

const row = (who: string, source: string, more: Partial<LogSign> = {}): LogSign => ({
  who,
  pattern: new RegExp(source),
  ...more,
});

/** What a runtime says of a command it cannot find; matched against a start error. */
export const RUNTIME_NOT_FOUND: RegExp[] = [
  new RegExp(
    `exec: ${QUOTED}: (?:executable file not found in \\$?%?P|(?:stat|file does not exist)[^:]{0,300}: no such file|no such file or directory|file does not exist)`,
  ),
  new RegExp(`exec: ${QUOTED}: .{0,40}(?:no such file or directory|not found)`),
  new RegExp(`executable file ${QUOTED} not found in \\$?PATH`),
  /exec(?:utable)?(?: container process)?[: ]+(?:file )?\\?[`"](?<command>\/[^`"\\]{1,300})\\?[`"]:? ?(?:for container )?(?:not found|[Nn]o such file)/,
  new RegExp(
    `(?:failed to load|finding executable|error finding executable) ${Q}?(?<command>[^\\s"']{1,200})${Q}?.{0,80}(?:no such file|not found)`,
  ),
  /hcs.{0,200}CreateProcess.{0,300}The system cannot find the (?:file|path) specified(?<command>)/,
  /(?:open executable|failed to find executable|cannot find executable)[^:]{0,60}: [Nn]o such file or directory(?<command>)/,
];

export const RUNTIME_NOT_EXECUTABLE: RegExp[] = [
  new RegExp(`exec: ${QUOTED}: (?:stat [^:]{0,300}: )?(?:permission denied|is a directory)`),
  /exec(?: container process)? [`"](?<command>\/[^`"]{1,300})[`"]: Permission denied/,
  /(?:open executable|exec container process)[^:]{0,100}: Permission denied(?<command>)/,
  /exec user process(?: caused)?:? "?permission denied(?<command>)/,
];

/** The program's own words: shells, small inits, launchers. */
export const NOT_FOUND = signTable([
  row('dash, ash', `^(?:[\\w./-]{0,80}: )?(?:exec: )?(?:line )?(?:\\d{1,5}: )?(?:exec: )?${WORD}: not found$`),
  row('dash, ash', `^(?:/bin/)?(?:sh|ash|dash): (?:\\d{1,5}: )?(?:eval: )?(?:line \\d{1,5}: )?${WORD}: not found`),
  row('bash, zsh', `(?:line \\d{1,5}: |bash: |zsh: |^)(?:exec: )?${WORD}: command not found`),
  row('bash exec', `(?:line \\d{1,5}|bash|sh): (?:exec: )?${WORD}: (?:cannot execute: )?No such file or directory$`),
  row('zsh', 'zsh:(?:\\d{1,5}:)? command not found: (?<command>\\S{1,200})'),
  row(
    'sh',
    `^(?:/bin/)?(?:sh|dash|ash): (?:\\d{1,5}: )?(?:[Cc]an't open|[Cc]annot open|cannot open) '?(?<command>[^\\s':]{1,200})'?(?:: No such file)?$`,
  ),
  row('bash', '^(?:/bin/)?bash: (?<command>[^\\s:]{1,200}): No such file or directory'),
  row('env', `^(?:/usr/bin/)?env: (?:can't execute )?['‘"\`]?(?<command>[^'’"\`:]{1,200})['’"\`]?: No such file`),
  row('tini', `exec (?<command>\\S{1,200}) failed: No such file or directory`),
  row('dumb-init', `\\[dumb-init\\] (?<command>\\S{1,200}): No such file or directory`),
  row(
    'su-exec, setpriv, chroot, nice, nohup, timeout',
    `^(?:su-exec|setpriv|chroot|nice|nohup|timeout|setsid|chpst|setuidgid|s6-\\w+|exec|xargs|stdbuf|runuser|sudo|flock|script): (?:fatal: unable to exec |failed to (?:run|execute) (?:command )?|unable to exec |can't execute |command )?['‘]?(?<command>[^\\s'’:]{1,200})['’]?:? ?(?:No such file or directory|not found|command not found)`,
  ),
  row('gosu, Go os/exec', `exec: ${QUOTED}: executable file not found in \\$?P`),
  row('Go os/exec', 'fork/exec (?<command>/[^\\s:]{1,200}): no such file or directory'),
  row('catatonit', 'failed to exec pid1: No such file or directory(?<command>)'),
  row(
    's6',
    's6-supervise (?<service>\\S{1,80}): fatal: unable to spawn (?<command>\\S{1,80})(?: - is it executable\\?)?:? ?: No such file',
  ),
  row('Node spawn', 'spawn (?<command>\\S{1,200}) ENOENT'),
  row('Python', "can't open file '(?<command>[^']{1,200})': \\[Errno 2\\]"),
  row('Java', '[Uu]nable to access jarfile (?<command>\\S{1,200})'),
  row('npm', `[Mm]issing script: "?'?(?<command>[\\w:.-]{1,80})`),
  row(
    'yarn, pnpm, bun',
    `(?:Command|command|Script|Couldn't find a script named|Usage Error: Couldn't find a script named) "(?<command>[^"]{1,120})"(?: not found|\\.$|$)`,
  ),
  row('bundler', 'bundler: command not found: (?<command>\\S{1,120})'),
  row('bundler', 'bundler: failed to load command: (?<command>\\S{1,120})(?= .{0,80}No such file)'),
  row('.NET host', "The application to execute does not exist: '(?<command>[^']{1,200})'"),
  row(
    '.NET host',
    'Could not execute because the (?:specified command or file was not found|application was not found)(?<command>)',
  ),
  row('Ruby, Perl, PHP', "(?:ruby: No such file or directory -- (?<command>\\S{1,200})|Can't open perl script)"),
  row('.NET host', "The application '(?<command>[^']{1,200})' does not exist"),
  row('supervisord', "can't find command '(?<command>[^']{1,200})'"),
  row(
    'process managers',
    "spawnerr: (?:can't find command )?.{0,20}(?<command>/\\S{1,200}).{0,20}(?:no such file|not found)",
  ),
]);

export const NOT_EXECUTABLE = signTable([
  // A refused redirection is worded otherwise by these shells ("cannot create"): this one is about a command.
  row('dash, ash', `^(?:/bin/)?(?:sh|dash|ash): (?:line )?\\d{1,5}: (?:exec: )?${WORD}: [Pp]ermission denied$`),
  row('shells', `(?:^|: )(?:line )?(?:\\d{1,5}: )?(?:exec: )?${WORD}: [Pp]ermission denied$`, { weak: true }),
  row('bash', `${WORD}: cannot execute: (?:Permission denied|Is a directory)`),
  row('bash', `(?:line \\d{1,5}|bash|sh): (?:exec: )?${WORD}: Is a directory$`),
  row('tini', 'exec (?<command>\\S{1,200}) failed: Permission denied'),
  row('dumb-init', '\\[dumb-init\\] (?<command>\\S{1,200}): Permission denied'),
  row(
    'env, su-exec and others',
    `^(?:/usr/bin/)?(?:env|su-exec|setpriv|chroot|nice|nohup|timeout|setsid|s6-\\w+|exec|runuser): (?:failed to run command |unable to exec |can't execute )?['‘]?(?<command>[^\\s'’:]{1,200})['’]?: Permission denied`,
  ),
  row('runc', '^exec (?<command>/\\S{1,200}): permission denied'),
  row('Go os/exec', `(?:fork/exec (?<command>/[^\\s:]{1,200})): permission denied`),
  row('gosu', `error: exec: ${QUOTED}: permission denied`),
  row('Node spawn', 'spawn (?<command>\\S{1,200}) EACCES'),
  row('catatonit', 'failed to exec pid1: Permission denied(?<command>)'),
  row(
    's6',
    's6-supervise \\S{1,80}: fatal: unable to spawn (?<command>\\S{1,80})(?: - is it executable\\?)?:? ?: Permission denied',
  ),
]);

/** The file is there (the runtime looked), and yet "no such file": what should run it is missing. */
export const NO_INTERPRETER = signTable([
  row('runc', '^exec (?<command>/?\\S{1,200}): no such file or directory'),
  row('runc, older', 'exec user process(?: caused)?:? ?"?no such file or directory(?<command>)'),
  row('bash 5', '(?<command>[^\\s:]{1,200}): cannot execute: required file not found'),
  row('bash, dash', '(?<command>[^\\s:]{1,200}): (?<interpreter>/[\\w/.-]{1,100}?)(?:\\^M|\\r)?: bad interpreter'),
  row('CRLF', `env: ['‘"\`]?(?<interpreter>\\w{1,20})(?:\\\\r|\\r|\\^M|\\?)['’"\`]?: No such file`),
  row('CRLF', `(?:\\$'\\\\r'|\\^M|\\\\r): (?:command )?not found(?<interpreter>)`),
  row('CRLF', `[Ii]llegal option -\\s{0,2}(?:\\r|\\^M)?$|set: (?:invalid option|pipefail\\r)(?<interpreter>)`, {
    weak: true,
  }),
]);

export const BAD_FORMAT = signTable([
  row('runc, kernel', '(?:exec:? )?"?(?<command>[^\\s":]{1,200})"?: (?:cannot execute: )?[Ee]xec format error'),
  row('runc, older', '[Ee]xec(?: user process)?(?: caused)?:? ?"?[Ee]xec format error(?<command>)'),
  row('bash', '(?<command>[^\\s:]{1,200}): cannot execute binary file'),
  row(
    'Python, Ruby, Node',
    "(?:\\[Errno 8\\]|ENOEXEC|Errno::ENOEXEC).{0,20}[Ee]xec format error:? ?(?:'(?<command>[^']{1,200}))?",
  ),
  row('any program', '[Ee]xec format error(?<command>)'),
  row('qemu', 'qemu-\\w+: Could not open .{0,10}/lib\\d{0,2}/ld-(?<command>)'),
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
