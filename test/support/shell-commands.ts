// kubectl's and oc's command lines as a person would paste them: found in sentences, split as a shell does, and held against
// the verbs and flags that these tools have.

const COMMON = ['-n', '--namespace'];
const VERBS: { [verb in string]: string[] } = {
  logs: ['-c', '--previous', '--tail'],
  describe: [],
  get: ['-o', '-L', '--field-selector', '--all-namespaces'],
  debug: ['-it', '--image', '--profile', '--target', '--copy-to', '-c'],
  exec: ['-c', '-it'],
  edit: [],
  cordon: [],
  'rollout undo': ['--to-revision'],
  'rollout restart': [],
  'rollout resume': [],
  'rollout status': ['--timeout'],
  'rollout latest': [],
  scale: ['--replicas'],
  delete: [],
  patch: ['-p', '--type'],
  'set env': ['-c'],
  'set image': [],
  'set resources': ['-c', '--limits', '--requests'],
  replace: ['--force', '-f'],
  'auth can-i': ['--as'],
  'create configmap': ['--from-file'],
  'create secret generic': ['--from-file', '--from-env-file', '--type'],
  'create serviceaccount': [],
  'create role': ['--verb', '--resource'],
  'create clusterrole': ['--verb', '--resource'],
  'create rolebinding': ['--role', '--serviceaccount'],
  'create clusterrolebinding': ['--clusterrole', '--serviceaccount'],
  'create job': ['--from'],
};

/** Words as a shell splits them; undefined when a quote is left open. */
export function shellWords(line: string): string[] | undefined {
  const words: string[] = [];
  const token = /\s*((?:'[^']*'|\\.|[^\s'\\])+)/y;
  let at = 0;
  while (at < line.trimEnd().length) {
    token.lastIndex = at;
    const match = token.exec(line);
    if (!match) return undefined;
    words.push(
      (match[1] ?? '').replace(/'([^']*)'|\\(.)/g, (_, quoted?: string, escaped?: string) => quoted ?? escaped ?? ''),
    );
    at = token.lastIndex;
  }
  return words;
}

/** The commands in a sentence: each from its tool's name to the next clause. */
export function commandsIn(sentence: string): string[] {
  return [...sentence.matchAll(/\b(?:kubectl|oc) (?:'[^']*'|\\.|[^'\\;])+?(?=$|[,;)]\s|\) |\. [A-Z]| > |, or )/g)].map(
    ([found]) => found.trim().replace(/[.)]$/, ''),
  );
}

/** What is wrong with it, or "none". */
export function flawOf(command: string): string {
  const words = shellWords(command);
  if (!words) return 'a quote is left open';
  const [tool = '', ...rest] = words;
  if (!['kubectl', 'oc'].includes(tool)) return `${tool} is no tool of Kubernetes`;
  const end = rest.indexOf('--');
  const own = end < 0 ? rest : rest.slice(0, end);
  const verb = Object.keys(VERBS).find((name) => `${own.join(' ')} `.startsWith(`${name} `));
  if (!verb) return 'an unknown verb';
  const known = [...COMMON, ...(VERBS[verb] ?? [])];
  const flags = own.filter((word) => word.startsWith('-')).map((word) => word.split('=')[0] ?? '');
  const strange = flags.find((flag) => !known.includes(flag));
  if (strange) return `${verb} has no flag ${strange}`;
  if (words.some((word) => /\{\w+(?:\|[^}]*)?\}|undefined|^$/.test(word))) return 'a name is missing';
  const at = own.indexOf('-p');
  if (at >= 0 && !isJson(own[at + 1] ?? '')) return 'its patch is no JSON';
  return 'none';
}

/** `UID` and `PORT` stand bare for a number that only the person knows. */
function isJson(text: string): boolean {
  try {
    JSON.parse(text.replace(/:(?:UID|PORT)\b/g, ':1'));
    return true;
  } catch {
    return false;
  }
}
