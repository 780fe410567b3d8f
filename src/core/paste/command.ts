// Commands that were typed between the outputs: they say what follows, of which pod, container and run.

export interface Command {
  verb: 'logs' | 'describe' | 'get' | 'events' | 'other';
  /** As typed: pod, po, deploy …; "" when none. */
  kind: string;
  name: string;
  namespace: string;
  container: string;
  previous: boolean;
  /** yaml, json, wide or "". */
  output: string;
}

const PROGRAM = String.raw`(?:sudo )?(?:watch (?:-n ?\d+ )?)?(?:kubectl|kubecolor|oc|k|k3s kubectl|microk8s[ .]kubectl|minikube kubectl --)`;
const VERB =
  '(?:logs?|describe|get|events|explain|rollout|apply|delete|edit|exec|top|patch|scale|create|debug|set|run|cp|config|auth|wait|version)';
// A prompt ends in one of these; without a prompt the line must begin with the program.
const TYPED = new RegExp(
  String.raw`^(?:.{0,120}?[$#%>❯➜»λ]\s{0,3}|[➜❯] .{0,80}? |Every [\d.]{1,6}s: |\s{0,8}|[*•-] |\d+[.)] )(?:\x60{1,3})?(${PROGRAM} (?:-\S+ (?:[\w.-]+ )?){0,6}${VERB}(?: .*)?)$`,
);
const EMPTY_PROMPT = /^(?:\[?[\w.-]+@[\w.-]+[:\s][^$#%>\n]{0,100}[$#%>]|\$|❯|➜)\s*$/;
const OTHER_PROMPT =
  /^(?:\[?[\w.-]+@[\w.-]+[:\s][^$#%>\n]{0,100}[$#%>]|\$|PS [A-Z]:\\[^>]{0,100}>|➜|❯|\s{0,8}#(?= (?:crictl|docker|nerdctl|podman|journalctl|systemctl) ))\s{1,3}([a-z][\w./-]*(?: .*)?)$/;

/** A prompt behind which nothing was typed. */
export function isPrompt(line: string): boolean {
  return line.length < 200 && EMPTY_PROMPT.test(line);
}

const MAY_BE_TYPED = /(?:^|[\s$#%>❯➜»λ`])(?:kubectl|oc|k|kubecolor|sudo|watch|k3s|microk8s|minikube)[ .]/;

export function commandOf(line: string): Command | undefined {
  if (line.length > 600) return undefined;
  const typed = MAY_BE_TYPED.test(line) ? TYPED.exec(line)?.[1] : undefined;
  if (typed !== undefined) return parse(typed);
  return OTHER_PROMPT.test(line) || EMPTY_PROMPT.test(line)
    ? { verb: 'other', kind: '', name: '', namespace: '', container: '', previous: false, output: '' }
    : undefined;
}

const FLAGS_WITH_VALUE = new Set(
  '-n --namespace -c --container -o --output -l --selector --tail --since --context --kubeconfig --field-selector --sort-by --cluster --limit-bytes --as --for'.split(
    ' ',
  ),
);

function parse(typed: string): Command {
  const words = typed
    .replace(/[–—]/g, '--')
    .replace(/`{1,3}$/, '')
    .split(/\||>|&&|;|2>&1/, 1)[0]!
    .trimEnd()
    .split(/\s+/);
  const flags: { [name: string]: string } = {};
  const plain: string[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    if (!word.startsWith('-') || word === '--') plain.push(word);
    else if (word.includes('=')) flags[word.slice(0, word.indexOf('='))] = word.slice(word.indexOf('=') + 1);
    else if (FLAGS_WITH_VALUE.has(word)) flags[word] = words[++i] ?? '';
    else if (/^-[nco][^-]/.test(word)) flags[word.slice(0, 2)] = word.slice(2);
    else flags[word] = 'true';
  }
  const at = plain.findIndex((word) => new RegExp(`^${VERB}$`).test(word));
  const verb = plain[at] ?? '';
  const rest = plain.slice(at + 1).filter((word) => word !== '');
  const target = verb === 'logs' || verb === 'log' ? logTarget(rest) : objectTarget(rest);
  return {
    verb:
      verb === 'log'
        ? 'logs'
        : verb === 'logs' || verb === 'describe' || verb === 'get' || verb === 'events'
          ? verb
          : 'other',
    kind: target.kind,
    name: target.name,
    namespace: flags['-n'] ?? flags['--namespace'] ?? '',
    container: flags['-c'] ?? flags['--container'] ?? target.container,
    previous: ['-p', '--previous', '-previous'].some((flag) => flags[flag] !== undefined && flags[flag] !== 'false'),
    output: flags['-o'] ?? flags['--output'] ?? '',
  };
}

interface Named {
  kind: string;
  name: string;
  container: string;
}

/** `kubectl logs POD [CONTAINER]`, `kubectl logs KIND/NAME`. */
function logTarget([first = '', second = '']: string[]): Named {
  const [kind = '', name = ''] = first.includes('/') ? first.split('/', 2) : ['pod', first];
  return { kind, name, container: second };
}

function objectTarget([first = '', second = '']: string[]): Named {
  const [kind = '', name = ''] = first.includes('/') ? first.split('/', 2) : [first, second];
  return { kind: kind.toLowerCase(), name, container: '' };
}

export function isPodKind(kind: string): boolean {
  return /^(?:po|pod|pods)$/.test(kind);
}

/** Of lines that came after none. */
export const NO_COMMAND: Command = {
  verb: 'other',
  kind: '',
  name: '',
  namespace: '',
  container: '',
  previous: false,
  output: '',
};
