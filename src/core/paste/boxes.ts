// Windows that terminal clients such as k9s draw around what they show: their sides are taken off, and a title that names
// whose log stands inside becomes the command that asks for it.

const EDGE = /^\s{0,4}[┌├└╭╰╔╚][─━═]{2}.{0,400}[─━═][┐┤┘╮╯╗╝]\s*$/;
const SIDES = /^\s{0,4}[│┃║] ?(.*?) ?[│┃║]\s*$/;
const SETTINGS = /^\s*Autoscroll:\s?O(?:n|ff)\b/;
const TITLE =
  /\b(?<previous>Previous )?(?<view>Logs|Pods|Describe|YAML)\((?<namespace>[a-z0-9-]{1,63})(?:\/(?<pod>[a-z0-9.-]{1,253}))?(?::(?<container>[a-z0-9-]{1,63}))?\)/i;
const BOX_MAX = 2_000;

/** What k9s writes above its windows: whose cluster, and the keys. */
const MENU = /^\s*(?:Context|Cluster|User|K9s Rev|K8s Rev|CPU|MEM):\s|<(?:ctrl|shift)-\w>/;
const MENU_MAX = 12;

/** One line in, one line out. */
export function unboxed(pasted: string[]): string[] {
  const top = pasted.findIndex((line) => line.length <= BOX_MAX && TITLE.test(line) && EDGE.test(line));
  const hasMenu = pasted.slice(Math.max(0, top - MENU_MAX), Math.max(0, top)).some((line) => MENU.test(line));
  const lines = hasMenu ? pasted.map((line, i) => (i < top && i >= top - MENU_MAX ? '' : line)) : pasted;
  const out: string[] = [];
  let inside = false;
  for (const line of lines) {
    const short = line.length <= BOX_MAX;
    if (short && EDGE.test(line)) {
      const asked = commandOf(line);
      out.push(asked);
      inside = asked !== '' || !inside;
    } else {
      const within = inside && short ? SIDES.exec(line)?.[1] : undefined;
      out.push(within === undefined ? line : SETTINGS.test(within) ? '' : within.trimEnd());
    }
  }
  return out;
}

function commandOf(edge: string): string {
  const groups = TITLE.exec(edge)?.groups;
  if (!groups) return '';
  const { namespace, pod = '', container = '', previous } = groups;
  const of = namespace === 'all' ? ' -A' : ` -n ${namespace}`;
  if (/pods/i.test(groups.view ?? '')) return `$ kubectl get pods${of}`;
  if (pod === '') return '';
  if (/logs/i.test(groups.view ?? ''))
    return `$ kubectl logs ${pod}${of}${container ? ` -c ${container}` : ''}${previous ? ' --previous' : ''}`;
  return /describe/i.test(groups.view ?? '') ? `$ kubectl describe pod ${pod}${of}` : '';
}
