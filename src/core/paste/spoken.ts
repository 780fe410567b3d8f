// Sentences of people, in whatever language, around what was printed. Beside a describe or a table of events they are
// nobody's last words.

/** Signs that programs print and people hardly write. */
const PRINTED = /[{}[\]<>=|\\_`^~#*]|\d{2}:\d{2}:\d{2}|[a-z]\/[a-z]|\w\.\w+\(|0x[0-9a-f]|(?:^|\s)-{1,2}[a-z]/i;
/** What a program says when it ends; a person's sentence with it may quote one. */
const TELLING =
  /error|exception|fail|fatal|panic|denied|refused|cannot|can't|could not|unable|missing|invalid|not found|no such|kill|abort|segfault|traceback|timed? ?out|required|undefined|unknown|expired|forbidden|not set|out of|exit(?:ed|ing)?\b|start(?:ed|ing)\b|listening|shut/i;
const SENTENCE = /^[\p{L}("'¿¡][^\n]{2,400}[.?!:;…。？！：]{1,3}$/u;
/** Letters that a program of the field seldom prints in plain words of its own. */
const FOREIGN = /[^\p{ASCII}\p{Extended_Pictographic}\p{So}‘’“”–—…•·→│─]/u;
/** "On Mon, 3 Mar 2025 at 10:12, Bob <bob@acme.io> wrote:", "Am 3. März schrieb Eva:", "From: Ann" */
const MAIL =
  /^(?:(?:On|Am|Le|El|Op|Den|Il) .{3,200}(?:wrote|schrieb.{0,80}|a écrit|escribió|schreef|skrev|ha scritto) ?:|(?:From|Sent|To|Cc|Subject|Von|An|Gesendet|Betreff|De|À|Objet): .{1,200}|-{2,} ?(?:Original Message|Forwarded message|Ursprüngliche Nachricht).{0,20}|(?:Best|Kind|Warm) regards,?|Regards,?|Cheers,?|Mit freundlichen Grüßen|Cordialement,?|Saludos,?)$/i;

const MOST_LINES = 5_000;

function isSpoken(line: string): boolean {
  const said = line.trim();
  if (said.length > 400) return false;
  if (MAIL.test(said)) return true;
  if (PRINTED.test(said) || TELLING.test(said)) return false;
  const words = said.split(/\s+/).length;
  return SENTENCE.test(said) ? words > 2 || FOREIGN.test(said) : FOREIGN.test(said) && words > 1;
}

/** A log without the paragraphs at its ends that no program printed; one that is nothing else is none, beside other things. */
export function withoutSpeech(lines: string[], beside: boolean): string[] {
  if (lines.length > MOST_LINES) return lines;
  const said = lines.filter((line) => line.trim() !== '');
  if (beside && said.every(isSpoken)) return [];
  const isForeign = (line: string) => isSpoken(line) && (MAIL.test(line.trim()) || FOREIGN.test(line));
  let [from, to] = [0, lines.length];
  while (from < to && (lines[from]!.trim() === '' || isForeign(lines[from]!))) from++;
  while (to > from && (lines[to - 1]!.trim() === '' || isForeign(lines[to - 1]!))) to--;
  const isApart = (edge: string | undefined) => edge === undefined || edge.trim() === '';
  if (from === to) return lines;
  return lines.slice(isApart(lines[from - 1]) ? from : 0, isApart(lines[to]) ? to : lines.length);
}
