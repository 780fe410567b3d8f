// An init container runs and waits for something that does not come. Nothing crashes, and that is said.

import type { ContainerCase } from '../core/case.ts';
import type { Evidence } from '../core/evidence.ts';
import { type Citation, cite, known } from '../core/fact.ts';
import type { LogLine } from '../core/log.ts';
import { defineRule, eachCase, holds } from '../core/rule.ts';
import { citeServiceNamed, inText, isLoopback } from './reading/address.ts';
import { citeLine, details, linesAround } from './reading/said.ts';

const WAITS =
  /wait|until|back-?off|retry|retries|not (?:yet )?(?:ready|available|up)|still|sleeping|pending|unavailable|refused|can't resolve|not found|no response|timed out|trying|attempt/i;

export default defineRule({
  id: 'init-container-waiting',
  title: 'An init container waits in vain',
  explains: ['not-ready'],
  actions: [],
  byHand: 'Bring {host|the dependency} up, or correct what {container} waits for; the pod goes on by itself.',
  judge: (evidence) =>
    eachCase(evidence, ['not-ready'], (k) => {
      const state = known(k.container.state);
      if (k.container.kind !== 'init' || state?.is !== 'running') return undefined;
      const upSeconds = (Date.parse(evidence.now) - Date.parse(state.startedAt)) / 1000;
      const said = lastWait(k);
      const words = [...(known(k.container.command) ?? []), ...(known(k.container.args) ?? [])].join(' ');
      if (!said && (!WAITS.test(words) || !(upSeconds > 60))) return undefined;
      const host = hostOf(k, said ? [said, ...detailOf(k, said)].map((l) => l.text).join('\n') : '', words, evidence);
      return holds(k, {
        strength: 'proof',
        summary: `the init container ${k.container.name} runs and waits${host ? ` for ${host}` : ''}${upSeconds > 0 ? `, for ${spoken(upSeconds)} now` : ''}; nothing crashes, and the main containers have not started`,
        evidence: [
          ...(said ? [said, ...detailOf(k, said)].map((l) => citeLine(k, l)) : []),
          ...cite(
            k.container.state,
            `${k.container.name} running${state.startedAt ? ` since ${state.startedAt}` : ''}, not finished`,
            '.running',
          ),
          ...(words
            ? cite(k.container.command.state === 'seen' ? k.container.command : k.container.args, words.slice(0, 200))
            : []),
          ...(host ? behind(host, evidence) : []),
        ],
        detail: details({ container: k.container.name, host }),
      });
    }),
  doc: {
    looksAt: 'an init container that runs and does not end, its last lines and its command',
    means:
      'The pod starts its containers one after another, and this one waits for something outside that does not come.',
    fix: 'Bring up what it waits for. The pod goes on by itself; a restart only begins the wait anew.',
    prevention:
      'Give the wait of {container} an end and a message that names what is missing, or let the program itself retry.',
    notThis: 'An init container that ends with an error is a crash loop of its own.',
  },
});

function lastWait(k: ContainerCase) {
  if (k.log.state !== 'seen') return undefined;
  const { lines } = k.log.value;
  return lines.slice(-6).findLast((l) => WAITS.test(l.text)) ?? repeatedError(lines);
}

/** A program that says the same error again and again waits for it to pass, whatever it calls that. */
function repeatedError(lines: LogLine[]): LogLine | undefined {
  const shape = (l: LogLine) => l.text.replace(/\d+/g, '0').slice(0, 200);
  const last = lines.slice(-12).findLast((l) => l.level === 'error' || l.level === 'fatal');
  return last && lines.some((l) => l.n < last.n && shape(l) === shape(last)) ? last : undefined;
}

/** The unstamped lines that belong to what it said: an address, a status, a reason. */
function detailOf(k: ContainerCase, said: LogLine): LogLine[] {
  const after = linesAround(k, said.n, 0, 8).filter((l) => l.n > said.n);
  const next = after.findIndex((l) => l.level !== '');
  return (next < 0 ? after : after.slice(0, next)).filter((l) => /\w{3}/.test(l.text)).slice(0, 5);
}

/** What nslookup, getent, dig and nc say of a name they did not find. */
const LOOKED_UP =
  /(?:can't (?:find|resolve)|could not resolve(?: host:?)?|bad address|not known:?|NXDOMAIN looking up) ['"]?(?<host>[a-z0-9][\w.-]*[a-z0-9])/i;
/** Programs that scripts wait with, and the name they are given. */
const ASKED =
  /\b(?:nslookup|getent hosts|dig|host|ping|nc|ncat|telnet|pg_isready|mysqladmin|redis-cli)(?: -{1,2}\w[\w-]{0,40}(?:[ =]\d{1,9})?| ping){0,8} (?:-h ?|--host[= ])?(?<host>[a-z0-9][\w.-]*[a-z0-9])/;

/** "waiting for cms-postgres": a Service of that name, an address, or the name that follows. */
function hostOf(k: ContainerCase, said: string, words: string, evidence: Evidence): string {
  const services = known(evidence.services) ?? [];
  const named = (text: string) => services.find((s) => text.split(/[^\w-]/).includes(s.name))?.name;
  const address = (text: string) => {
    const host = inText(text)?.host ?? '';
    return host === '' || isLoopback(host) ? undefined : host;
  };
  const after =
    /\bwait(?:ing)? (?:for|on) (?:the )?(?:service |database |db |host )?['"]?(?<host>[a-z][\w.-]{1,250}[a-z0-9])/i.exec(
      said,
    )?.groups?.host;
  const looked = LOOKED_UP.exec(said)?.groups?.host;
  const asked = ASKED.exec(words)?.groups?.host;
  const env = (known(k.container.env) ?? []).map((e) => e.value ?? '').join(' ');
  return named(said) ?? address(said) ?? looked ?? after ?? named(words) ?? address(words) ?? asked ?? named(env) ?? '';
}

function behind(host: string, evidence: Evidence): Citation[] {
  const found = citeServiceNamed(host, evidence);
  const services = known(evidence.services);
  if (found.length || !services || services.some((s) => s.name === host.split('.')[0])) return found;
  return cite(evidence.services, `no Service ${host} in the namespace`);
}

function spoken(seconds: number): string {
  return seconds < 120 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`;
}
