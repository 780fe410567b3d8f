// Plain sentences of the code -> Markdown. `{name}` stands for what a finding fills in, and is shown in italics.

/** Characters that Markdown would take for mark-up stay what they are; text in back-ticks is left alone. */
export function markdown(text: string): string {
  return text
    .split(/(`[^`]*`)/)
    .map((part) => (part.startsWith('`') ? part : escaped(part)))
    .join('');
}

function escaped(text: string): string {
  const marks = /[\\*<[]|\b_(?!\w)|(?<!\w)_\b/g;
  return text
    .replace(marks, (mark) => `\\${mark}`)
    .replace(/\{(\w+)(?:\|[^{}]*)?\}/g, (_, name: string) => `*${name}*`);
}

/** A cell of a table. */
export function cell(text: string): string {
  return markdown(text).replaceAll('|', '\\|').replaceAll('\n', ' ');
}

/** The anchor that GitHub makes of a heading. */
export function anchor(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\w\s-]/g, '')
    .replaceAll(' ', '-');
}
