// Literal values of environment variables, judged by field. Shown are values that are evidence and no secret: nothing,
// switches, numbers, durations, sizes, paths, hosts, addresses, users, runtime flags. Everything else is replaced.

import { placeholder } from './hits.ts';
import { secrecyOf } from './names.ts';
import { isNoSecret, looksRandom } from './values.ts';

const SWITCH = /^(?:true|false|yes|no|on|off|enabled?|disabled?|none|null|auto|default|always|never)$/i;
const NUMBER = /^[+-]?\d{1,5}(?:\.\d{1,4})?$/;
const AMOUNT = /^\d{1,9}(?:\.\d{1,3})?(?:ns|us|µs|ms|s|sec|m|min|h|d|[kmgtpe]i?b?|b|%)$/i;
const DURATION = /^(?:\d{1,6}(?:ns|us|µs|ms|s|m|h)){1,4}$/;
const LEVEL = /^(?:trace|debug|verbose|info|notice|warn|warning|error|critical|fatal|panic|silent|quiet)$/i;
const PLACE =
  /^(?:prod|production|dev|develop|development|stage|staging|test|testing|qa|local|ci|json|text|console|plain|utc|http|https|grpc|tcp|udp|c\.utf-?8|[a-z]{2}_[A-Z]{2}(?:\.utf-?8)?)$/i;

const PATH = /^(?:\.{0,2}|~)\/[\w.@/-]{0,200}$/;
const HOST =
  /^(?:localhost|\[?(?:[0-9a-fA-F]{0,4}:){2,8}[0-9a-fA-F.]{0,15}\]?|[A-Za-z0-9_](?:[\w-]{0,62}\.)+[A-Za-z0-9-]{1,62}\.?)(?::\d{1,5})?$/;
const HOST_PORT = /^[\w.-]{1,200}:\d{1,5}$/;
const URL = /^((?:jdbc:)?[a-z][a-z0-9+.-]{1,30}:\/\/)([^\s?#]*)(\?[^\s]*)?$/i;

// Names whose one-word values say where and as whom a program works.
const EVIDENCE =
  /(?:^|_|^PG)(?:user|username|login|owner|host|hostname|server|servers|node|addr|address|endpoint|url|uri|port|db|database|dbname|schema|table|bucket|topic|queue|stream|index|collection|region|zone|cluster|service|app|application|name|env|environment|profile|profiles|active|mode|level|format|tz|timezone|lang|class|driver|dialect|engine|type|kind|role|group|namespace|channel|version|tag|image|path|dir|file|home|root|module|settings|entrypoint|command|target|prefix)$/i;
const WORD = /^[\w.:/@+-]{1,80}$/;

const FLAG_NAMES = /(?:_OPTIONS|_OPTS|_FLAGS|_ARGS|^JAVA_ARGS|^GOFLAGS|^GODEBUG|^NODE_OPTIONS)$/;
const FLAG = /^--?[\w.+-]+(?::[\w.:/%,+-]*)?(?:=[\w.:/%,+-]*)?$/;

/** The value as it may be shown; `hidden` gives the placeholder for a value that may not. */
export function envValue(
  name: string,
  value: string,
  redactText: (text: string) => string,
  hidden: (value: string) => string,
): string {
  if (isNoSecret(value) && /^$|^‹|^\$/.test(value)) return value;
  const secrecy = secrecyOf(name);
  if (secrecy === 'strong' || (secrecy === 'weak' && looksRandom(value))) return hidden(value);
  if (isPlain(name, value)) return value;
  if (FLAG_NAMES.test(name))
    return value
      .split(/( +)/)
      .map((word) => shownFlag(word, redactText))
      .join('');
  const url = URL.exec(value);
  if (url) return shownUrl(url, redactText(value));
  if (
    value.length < 2_000 &&
    value.split(value.includes(';') ? ';' : /\s+/).every((part) => part === '' || /^[\w .-]{1,40}=/.test(part))
  ) {
    const shown = redactText(value);
    if (shown !== value && !looksRandom(shown)) return shown;
  }
  return hidden(value);
}

/** Whether a name asks for a user, host, file or the like: evidence, not a secret. */
export function namesEvidence(name: string): boolean {
  return EVIDENCE.test(name.replace(/([a-z])([A-Z])/g, '$1_$2').replace(/[.-]/g, '_'));
}

function isPlain(name: string, value: string): boolean {
  if (value.length > 300) return false;
  if (
    SWITCH.test(value) ||
    NUMBER.test(value) ||
    AMOUNT.test(value) ||
    DURATION.test(value) ||
    LEVEL.test(value) ||
    PLACE.test(value)
  )
    return true;
  if (looksRandom(value)) return false;
  if (PATH.test(value) || value.split(',').every((host) => HOST.test(host) || HOST_PORT.test(host))) return true;
  return namesEvidence(name) && WORD.test(value) && !value.includes('://');
}

function shownFlag(word: string, redactText: (text: string) => string): string {
  if (word.trim() === '') return word;
  const shown = redactText(word);
  return FLAG.test(word) && !looksRandom(word) && !/^-[DP].*(?:key|pass|secret|token)/i.test(word)
    ? shown
    : placeholder('flag');
}

/** Scheme, user, host, port and harmless path and query; what looks like a key inside is taken out. */
function shownUrl([whole, scheme = '', rest = '', query = '']: RegExpExecArray, redacted: string): string {
  if (redacted !== whole) return redacted;
  const [authority = '', ...path] = rest.split('/');
  const shownPath = path.map((part) => (looksRandom(part) ? placeholder('path') : part));
  const shownQuery = looksRandom(query) || query.length > 200 ? `?${placeholder('query')}` : query;
  return scheme + [authority, ...shownPath].join('/') + shownQuery;
}
