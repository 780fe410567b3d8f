// How shells, small inits and launchers say that a command is not there or may not be run. The group `command` is what
// could not be run.

import { signTable } from '../../core/log-signs.ts';
import { QUOTED } from './quoted-command.ts';
import { row } from './row.ts';

const WORD = '(?<command>[^\\s"\'`:“”‘’]{1,200})';

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
  row('buildpacks', 'failed to launch: determine start command: .{3,80}(?<command>)'),
  row('uv', '[Ff]ailed to spawn: `(?<command>[^`]{1,200})`'),
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
  row(
    '.NET host',
    '(?:not possible to find any installed \\.NET(?: Core)? SDKs|No \\.NET SDKs were found)(?<command>)',
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
