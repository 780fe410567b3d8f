// What a program or the kubelet said, as part of a sentence: one line, whole words, without the logger that printed it.

/** "1 --- [main] c.acme.Bootstrap : ", "[main] c.acme.Bootstrap - ": thread and logger of Spring, Log4j and Logback. */
const LOGGER =
  /^(?:\d{1,7} --- )?(?:\[[^\]\n]{1,60}\] {0,4}){0,3}[a-z][\w$]{0,60}(?:\.[\w$[\]/]{1,80}){1,12}(?: {1,40}:| -) (?=\S)/;

/** "[main] ERROR ", "FATAL: ": where no time stands before it, the level is still there. */
const LEVEL = /^(?:\[[\w .:#/-]{1,60}\] +)?(?:FATAL|ERROR|SEVERE|CRITICAL|fatal|error)\b[\]:\s-]{1,4}/;

/** At most so many characters. */
export function inBrief(text: string, most = 200): string {
  const line = text
    .trim()
    .replace(LEVEL, '')
    .replace(LOGGER, '')
    .replace(/^Caused by: /, '')
    .replace(/\s+/g, ' ');
  if (line.length <= most) return line;
  const cut = line.slice(0, most - 2);
  const end = cut.lastIndexOf(' ');
  return `${end > most / 2 ? cut.slice(0, end) : cut} …`;
}
