// Nearest existing name for a wrong one: "did you mean db_host?". Case and separators count for little, a typing error
// for more, another word for the same thing (ADDR, HOST) for more still; anything further is no suggestion at all.

/** The nearest of `candidates`, or undefined when none is near. Equal distance: the shorter, then the first name. */
export function nearestName(name: string, candidates: readonly string[]): string | undefined {
  const wanted = plain(name);
  let best: { name: string; distance: number } | undefined;
  for (const candidate of candidates) {
    if (candidate === name) continue;
    const distance = sameMeaning(name, candidate) ? SYNONYM : distanceTo(wanted, plain(candidate));
    if (distance === undefined) continue;
    if (!best || distance < best.distance || (distance === best.distance && candidate.length < best.name.length))
      best = { name: candidate, distance };
  }
  return best?.name;
}

const SYNONYM = 0.5;
const WORDS_FOR_THE_SAME = [
  ['addr', 'address', 'host', 'hostname', 'url', 'uri', 'endpoint', 'server', 'dsn', 'conn', 'connection'],
  ['pass', 'password', 'passwd', 'pw', 'pwd', 'secret'],
  ['user', 'username', 'login', 'usr'],
  ['db', 'database', 'dbname'],
  ['key', 'token', 'apikey'],
  ['dir', 'directory', 'path', 'folder', 'root', 'home'],
  ['pg', 'postgres', 'postgresql', 'psql'],
  ['svc', 'service'],
  ['cfg', 'conf', 'config', 'configuration', 'settings'],
];
const MEANING = new Map(WORDS_FOR_THE_SAME.flatMap((words) => words.map((word) => [word, words[0] ?? word] as const)));

/** `REDIS_ADDR` and `REDIS_HOST`: the same words, or words for the same thing, in the same order. */
function sameMeaning(a: string, b: string): boolean {
  return a.length <= 80 && b.length <= 80 && /[^a-z0-9]/i.test(a) && meaning(a) === meaning(b);
}

function meaning(name: string): string {
  const words = name.toLowerCase().split(/[^a-z0-9]+/);
  return words.map((word) => MEANING.get(word) ?? word).join(' ');
}

function plain(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '')
    .slice(0, 80);
}

/** 0 for equal apart from case and separators, up to a third of the name for typing errors, 1000 for a shared part. */
function distanceTo(wanted: string, other: string): number | undefined {
  if (wanted === '' || other === '') return undefined;
  const edits = editDistance(wanted, other);
  if (edits <= Math.max(1, Math.floor(wanted.length / 3))) return edits;
  const [short, long] = wanted.length < other.length ? [wanted, other] : [other, wanted];
  return short.length >= 3 && long.includes(short) ? 1000 + long.length - short.length : undefined;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
