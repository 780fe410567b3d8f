// Fills names from a finding's detail into sentences written for every pod.

/** `{name}` from the finding's detail; a sentence whose names are unknown is left out. */
export function fill(template: string, detail: { [name: string]: string }): string {
  return template
    .split(/(?<=\.) /)
    .filter((sentence) => [...sentence.matchAll(/\{(\w+)\}/g)].every((m) => detail[m[1] ?? ''] !== undefined))
    .map((sentence) => sentence.replace(/\{(\w+)\}/g, (_, name: string) => detail[name] ?? ''))
    .join(' ');
}
