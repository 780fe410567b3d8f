// Programs whose short flags carry a password: `mysql -pSECRET`, `redis-cli -a x`, `curl -u user:x`. One row per family;
// the same flags mean something else to other programs, so the program must stand before them in the same command.

export interface Client {
  program: RegExp;
  /** The flag as it is written, without a value glued to it. */
  flags: readonly string[];
  /** Where the value may stand; `mysql -p x` asks for a password and opens the database x. */
  value: 'glued' | 'next' | 'both';
  /** In `user:password` and `user%password` only what stands behind the mark. */
  after?: ':' | '%';
}

const clients: readonly Client[] = [
  { program: /mysql|mariadb|\b7z\b/i, flags: ['-p'], value: 'glued' },
  { program: /\bssh-keygen\b/, flags: ['-N', '-P'], value: 'next' },
  { program: /\bsshpass\b/, flags: ['-p'], value: 'both' },
  { program: /\bredis-cli\b/, flags: ['-a'], value: 'next' },
  { program: /\blogin\b/, flags: ['-p'], value: 'next' },
  {
    program: /\b(?:mongo[a-z]{0,10}|cqlsh|cypher-shell|rabbitmqadmin|couchbase-cli|cbq|influx|mosquitto_rr)\b/,
    flags: ['-p'],
    value: 'next',
  },
  { program: /\bvsql\b/, flags: ['-w'], value: 'next' },
  { program: /\bldap(?:search|add|modify|delete|whoami|passwd|compare)\b/, flags: ['-w'], value: 'both' },
  { program: /\b(?:sqlcmd|bcp|osql|tsql|ipmitool|mosquitto_[ps]ub|u?n?zip)\b/, flags: ['-P'], value: 'both' },
  { program: /\bsnmp[a-z]{2,10}\b/, flags: ['-A', '-X', '-c'], value: 'next' },
  { program: /\b(?:curl|wget|etcdctl)\b/, flags: ['-u', '-U', '--user', '--proxy-user'], value: 'both', after: ':' },
  { program: /\bopenssl enc\b/, flags: ['-k'], value: 'next' },
  { program: /(?:^|[$+;&|] ?)(?:https?|xh) /, flags: ['-a', '--auth'], value: 'next', after: ':' },
  { program: /\b(?:smbclient|rpcclient|winexe|net (?:ads|rpc))\b/, flags: ['-U', '--user'], value: 'both', after: '%' },
];

const ANY = new RegExp(clients.map(({ program }) => program.source).join('|'), 'im');
// Flags of these programs that only begin like one with a password.
const OTHER_WORD = /^-p(?:rotocol|ager|lugin|ort)/;

/** Whether a text names any of these programs at all. */
export function namesClient(text: string): boolean {
  return ANY.test(text);
}

/** The client that reads a password from this flag behind that part of its command, and the flag without the value. */
export function clientOf(command: string, written: string): { client: Client; flag: string } | undefined {
  if (OTHER_WORD.test(written)) return undefined;
  for (const client of clients) {
    const flag = client.flags.find((f) => written === f || (f.length === 2 && written.startsWith(f)));
    if (flag !== undefined && client.program.test(command)) return { client, flag };
  }
  return undefined;
}
