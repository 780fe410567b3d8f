// Foreign text -> mrkdwn. Whatever a cluster, an alert or a person wrote pings nobody, formats nothing and orders
// nothing: three characters become entities, marks of formatting become look-alikes, and no entity is cut in two.

/** Characters that a terminal or a reader's screen would obey, and halves of characters. A tab and a line end may stay. */
const UNSEEN =
  /\u001b\[[0-9;?]*[ -/]*[@-~]|[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** The text with nothing in it that changes how the text around it looks. Terminal colours go, the rest is shown. */
export function clean(text: string): string {
  return text.replace(/\r\n?|[\u2028\u2029]/g, '\n').replace(UNSEEN, (found) => (found.length > 1 ? '' : '\ufffd'));
}

/** On one line. */
export function flat(text: string): string {
  return clean(text).replace(/\s+/g, ' ').trim();
}

/** At most `most` characters, never half of one. */
export function clip(text: string, most: number): string {
  if (text.length <= most) return text;
  const cut = text.slice(0, Math.max(0, most - 1));
  return `${/[\ud800-\udbff]$/.test(cut) ? cut.slice(0, -1) : cut}…`;
}

/** At most `most` characters: the beginning and the end, where long machine messages say what it is and what is wrong. */
export function clipMiddle(text: string, most: number): string {
  if (text.length <= most) return text;
  const head = Math.floor(most * 0.35);
  const start = text.slice(0, head).replace(/[\ud800-\udbff]$/, '');
  const end = text.slice(text.length - (most - head - 3)).replace(/^[\udc00-\udfff]/, '');
  // Whole words, unless a word is longer than what is shown.
  return `${start.replace(/\s+\S{0,40}$/, '')} … ${end.replace(/^\S{0,40}\s+/, '')}`;
}

const ENTITIES: { [character: string]: string } = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** At most `most` characters of mrkdwn, whole entities only. */
function escaped(text: string, most: number): string {
  let out = '';
  for (const character of text) {
    const next = ENTITIES[character] ?? character;
    if (out.length + next.length > most - 1) return `${out}…`;
    out += next;
  }
  return out;
}

/** Prose on one line, as it is read: stars, underscores, back-ticks and `:emoji:` in it mean nothing. */
export function mrkdwn(text: string, most = 600): string {
  const marked = flat(text)
    .replace(/\*/g, '∗')
    .replace(/`/g, 'ˋ')
    .replace(/(?<![\wÀ-ɏ])_+/g, (run) => '＿'.repeat(run.length))
    .replace(/(?<![\wÀ-ɏ])~/g, '∼')
    .replace(/(?<![\wÀ-ɏ]):(?=[\w+'-]+:)/g, '∶')
    .replace(/^>/, '›');
  return escaped(marked, most);
}

/** Foreign text as inline code; "" stays "". Nothing but a back-tick needs a look-alike there. */
export function code(text: string, most = 300): string {
  const inside = escaped(flat(text).replace(/`/g, 'ˋ'), most);
  return inside === '' ? '' : `\`${inside}\``;
}

export function bold(text: string, most = 200): string {
  const inside = mrkdwn(text, most);
  return inside === '' ? '' : `*${inside}*`;
}

/** Prose in which these names, and what stands between back-ticks, are code: "The variable `DATABASE_HOST` is not set". */
export function withCode(text: string, names: string[] = [], most = 600): string {
  const known = names
    .map(flat)
    .filter((name) => name.length >= 3 && !name.includes('`'))
    .sort((a, b) => b.length - a.length)
    .map((name) => `(?<![\\w/.-])${name.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&')}(?![\\w/-])`);
  const marked = new RegExp(`(${['`[^`]{1,120}`', ...known].join('|')})`);
  let out = '';
  clip(flat(text), most)
    .split(marked)
    .forEach((part, index) => {
      // mrkdwn() trims: the blank beside a name is put back.
      const [, before = '', after = ''] = /^(\s?).*?(\s?)$/s.exec(part) ?? [];
      const prose = part.trim() === '' ? part : before + mrkdwn(part, most) + after;
      const next = index % 2 ? code(part.replace(/^`(.*)`$/, '$1')) : prose;
      if (out.length + next.length <= most) out += next;
    });
  return out;
}

/** A moment in the reader's own time zone; elsewhere, such as in a terminal, in UTC. `near`: the day need not be said. */
export function clock(rfc3339: string, { seconds = false, near = '' } = {}): string {
  const moment = Date.parse(rfc3339);
  if (!(moment >= 0 && moment < 253_402_300_800_000)) return mrkdwn(rfc3339, 40);
  const iso = new Date(moment).toISOString();
  const far = near !== '' && Math.abs(Date.parse(near) - moment) > 12 * 3_600_000;
  const time = seconds ? '{time_secs}' : '{time}';
  const format = far ? `{date_short_pretty} ${time}` : time;
  const spoken = `${far ? `${iso.slice(0, 10)} ` : ''}${iso.slice(11, seconds ? 19 : 16)} UTC`;
  return `<!date^${Math.floor(moment / 1000)}^${format}|${spoken}>`;
}

/** Timestamps that stand in prose (already mrkdwn), in the reader's own time zone. */
export function withClocks(prose: string, near = ''): string {
  return prose.replace(/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z(?![\w:~])/g, (time) => clock(time, { near }));
}

/**
 * A sentence of ours for one person's eyes, with the people it names. Only for sentences that hold no foreign text:
 * a mention in a channel pings.
 */
export function withMentions(sentence: string): string {
  return sentence
    .split(/(<@[UW][A-Z0-9]+>)/)
    .map((part, index) => (index % 2 ? part : escaped(part, 2_000)))
    .join('');
}
