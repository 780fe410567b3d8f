// What a chat client shows around its messages and people copy with them: who wrote and when, reactions, replies, folded
// text. Nothing of it was printed by a program.

const TIME = String.raw`\d{1,2}:\d\d ?(?:[AaPp]\.?[Mm]\.?)`;
const FURNITURE = [
  new RegExp(String.raw`^\s*\[?${TIME}\]?\s*$`),
  // "Bob Miller  10:02 AM", "bob APP  10:02 AM"
  new RegExp(String.raw`^\s*[\p{L}][\p{L}\d .'_-]{1,40}\s{1,4}\[?(?:(?:today|yesterday) at )?${TIME}\]?\s*$`, 'iu'),
  /^\s{0,8}(?::[\w+-]{2,40}:\s{0,2}\d{1,3}(?:\s{1,4}|$)){1,20}$/,
  /^\s{0,8}(?:\p{Extended_Pictographic}[\ufe0f\u{1f3fb}-\u{1f3ff}]?\s{0,2}\d{1,3}(?:\s{1,4}|$)){1,20}$/u,
  /^\s*\d{1,3} repl(?:y|ies)(?:\s+Last reply .{1,40})?\s*$/,
  /^\s*Last reply .{1,40} ago(?:\s{0,4}View thread)?\s{0,8}$/,
  /^\s*(?:(?:Show|See|Read|View) (?:more|less|thread|full (?:log|message))|\(edited\)|Add reaction|Reply in thread|Collapse)(?:…|\.\.\.)?\s*$/i,
];
const LONE_TIME = FURNITURE[0]!;
const WRITER = /^\s*\p{Lu}[\p{L}'-]{1,30}(?: \p{Lu}[\p{L}'.-]{0,30}){0,2}\s*$/u;

/** One line in, one line out; the client's own are empty. */
export function withoutFurniture(lines: string[]): string[] {
  return lines.map((line, i) => {
    if (line.length > 120) return line;
    const isWriter = WRITER.test(line) && LONE_TIME.test(lines[i + 1] ?? '');
    return isWriter || FURNITURE.some((one) => one.test(line)) ? '' : line;
  });
}
