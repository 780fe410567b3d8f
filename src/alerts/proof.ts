// Which sender a request comes from, by what it shows. Invariant: every sender that could be meant is compared, in
// constant time, so that neither the answer's time nor its words tell how near a guess was.

import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { type Sender, SIGNATURES } from '../core/sender.ts';

export interface Shown {
  headers: IncomingHttpHeaders;
  /** The last segment of the address, where it has one more than the format needs; "" otherwise. */
  pathSecret: string;
}

export interface Meant {
  senders: Sender[];
  pathSecret: string;
}

/** /webhooks/FORMAT[/SECRET] or /webhooks/generic/NAME[/SECRET] -> the senders that may be meant. */
export function sendersAt(path: string, senders: readonly Sender[]): Meant | undefined {
  const [empty, webhooks, format, ...rest] = path.split('/');
  if (empty !== '' || webhooks !== 'webhooks') return undefined;
  const name = format === 'generic' ? rest.shift() : undefined;
  const [pathSecret = '', ...more] = rest;
  const meant = senders.filter((s) => s.format === format && (format !== 'generic' || s.name === name));
  return meant.length === 0 || more.length > 0 ? undefined : { senders: meant, pathSecret };
}

/** The sender whose header or address proves it; those that sign are asked with `signerOf`. */
export function bearerOf(senders: readonly Sender[], shown: Shown): Sender | undefined {
  const proven = senders.filter((sender) => provesItself(sender, shown));
  return proven[0];
}

function provesItself({ auth }: Sender, { headers, pathSecret }: Shown): boolean {
  const given = headers.authorization ?? '';
  const { bearer, basic, path } = auth;
  // No path secret belongs behind a sender that proves itself in another way.
  if (path !== undefined) return same(pathSecret, path);
  if (pathSecret !== '') return false;
  if (bearer !== undefined) return same(/^Bearer (\S{1,500})$/i.exec(given)?.[1] ?? '', bearer);
  if (basic !== undefined) {
    const shown = Buffer.from(/^Basic ([\w+/=-]{1,1000})$/i.exec(given)?.[1] ?? '', 'base64').toString('utf8');
    return same(shown, `${basic.user}:${basic.password}`);
  }
  return auth.none === true;
}

/** Whether any of them signs and this request carries a signature: only then is its body worth reading. */
export function maySign(senders: readonly Sender[], { headers, pathSecret }: Shown): boolean {
  return pathSecret === '' && senders.some((sender) => signatureOf(sender, headers) !== '');
}

/** The sender whose key signed these very bytes. */
export function signerOf(
  senders: readonly Sender[],
  { headers }: Shown,
  body: Buffer,
  nowMs: number,
): Sender | undefined {
  const proven = senders.filter((sender) => signed(sender, headers, body, nowMs));
  return proven[0];
}

const LATELY_MS = 5 * 60_000;

function signed(sender: Sender, headers: IncomingHttpHeaders, body: Buffer, nowMs: number): boolean {
  const { hmac } = sender.auth;
  if (!hmac) return false;
  const prefix = hmac.prefix ?? SIGNATURES[sender.format]?.prefix ?? '';
  const digest = createHmac('sha256', hmac.secret);
  if (hmac.timestampHeader) {
    const seconds = oneOf(headers[hmac.timestampHeader]);
    if (!(/^\d{9,11}$/.test(seconds) && Math.abs(Number(seconds) * 1_000 - nowMs) <= LATELY_MS)) return false;
    digest.update(`${seconds}:`);
  }
  const wanted = prefix + digest.update(body).digest('hex');
  // While a key is replaced, PagerDuty signs with both and separates the two by a comma.
  const shown = signatureOf(sender, headers).split(',').slice(0, 10);
  return shown.map((one) => same(one.trim(), wanted)).includes(true);
}

function signatureOf({ auth, format }: Sender, headers: IncomingHttpHeaders): string {
  if (!auth.hmac) return '';
  return oneOf(headers[auth.hmac.header ?? SIGNATURES[format]?.header ?? '']);
}

const oneOf = (header: string | string[] | undefined): string => (Array.isArray(header) ? '' : (header ?? ''));

/** Compared as hashes, which have one length. */
function same(shown: string, wanted: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(shown), digest(wanted));
}
