// How container runtimes say that a command is not there or may not be run; matched against a start error. The group
// `command` is what could not be run.

import { Q, QUOTED } from './quoted-command.ts';

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
