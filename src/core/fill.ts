// Fills names from a finding's detail into sentences written for every pod.

const NAME = /\{(\w+)(?:\|([^{}]*))?\}/g;

/**
 * `{name}` from the finding's detail, or the words of `{name|words}` where it is not known; a sentence that asks for an
 * unknown name and offers no words is left out. In a pasted log nobody names the container: it is "the program".
 */
export function fill(template: string, detail: { [name: string]: string }): string {
  const known = (name = ''): string => detail[name] || (name === 'container' ? 'the program' : '');
  return template
    .split(/(?<=\.) /)
    .filter((sentence) => [...sentence.matchAll(NAME)].every(([, name, words]) => known(name) || words))
    .map((sentence) => sentence.replace(NAME, (_, name: string, words = '') => known(name) || words))
    .join(' ');
}
