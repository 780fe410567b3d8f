// Bytes as the wire brings them to the webhook port: packed, marked, in pieces, slow, or for another address.

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { describe, expect, onTestFinished, test } from 'vitest';
import { alertOf, alertServer, payloadOf, senderOf, TOKEN } from './support/alerts.ts';
import { until } from './support/cluster-double.ts';

const good = JSON.stringify(payloadOf(alertOf({ namespace: 'shop', pod: 'cart-1' })));
const bytes = (text: string | Buffer): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.from(text));
const gzip = { 'content-encoding': 'gzip' };

describe('a body', () => {
  test.each([
    ['behind a byte order mark', bytes(`\ufeff${good}`), {}],
    ['packed with gzip', bytes(gzipSync(good)), gzip],
    ['of another type, as some senders say', bytes(good), { 'content-type': 'text/plain' }],
    ['that says it is form data', bytes(good), { 'content-type': 'application/x-www-form-urlencoded' }],
  ])('%s is read', async (_name, body, headers) => {
    const { send, taken } = await alertServer();
    expect((await send(body, headers as { [name: string]: string })).status).toBe(200);
    expect(taken).toMatchObject([{ name: 'cart-1' }]);
  });

  test.each([
    ['that is large once it is unpacked', bytes(gzipSync(' '.repeat(50_000_000))), gzip, 413, 'is larger than'],
    ['that only claims to be packed', bytes(good), gzip, 400, 'is not packed so'],
    ['that ends too early', bytes(gzipSync(good).subarray(0, 40)), gzip, 400, 'is not packed so'],
    ['packed in another way', bytes(good), { 'content-encoding': 'br' }, 415, 'packed with gzip'],
    ['that is empty', bytes(''), {}, 400, 'it is not JSON'],
  ])('%s is refused in words, and nothing is taken', async (_name, body, headers, status, words) => {
    const { send, taken, outcomes } = await alertServer();
    const response = await send(body, headers as { [name: string]: string });
    expect(response.status).toBe(status);
    expect(await response.text()).toContain(words);
    expect(outcomes).toEqual([['alertmanager', 'refused', 1]]);
    expect(taken).toEqual([]);
  });

  test('in pieces, without a length, is read', async () => {
    const { url, taken } = await alertServer();
    const half = good.length >> 1;
    const socket = open(url);
    socket.write(`POST /webhooks/alertmanager HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${TOKEN}\r\n`);
    socket.write('Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n');
    for (const part of [good.slice(0, half), good.slice(half)])
      socket.write(`${part.length.toString(16)}\r\n${part}\r\n`);
    socket.write('0\r\n\r\n');
    expect(await textOf(socket)).toMatch(/^HTTP\/1\.1 200 /);
    expect(taken).toMatchObject([{ name: 'cart-1' }]);
  });
});

describe('an address', () => {
  test.each([
    ['/webhooks/alertmanager/', 200],
    ['/webhooks/alertmanager?x=1', 200],
    ['//webhooks/alertmanager', 404],
    ['/webhooks/alertmanager/a/b', 404],
    ['/webhooks/%61lertmanager', 404],
    ['/webhooks/__proto__', 404],
    ['/WEBHOOKS/alertmanager', 404],
    ['/healthz', 404],
  ])('%s is answered with %i', async (path, status) => {
    const { send } = await alertServer();
    expect((await send(good, {}, path)).status).toBe(status);
  });

  test.each(['GET', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'])('takes alerts with POST, not with %s', async (method) => {
    const { send, taken } = await alertServer();
    const response = await send(good, {}, '/webhooks/alertmanager', method);
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
    expect(taken).toEqual([]);
  });
});

describe('senders that never finish', () => {
  const hmac = { secret: 'a-signing-secret-of-its-own' };
  const signing = senderOf({ name: 'signs', format: 'pagerduty', auth: { hmac } });
  const bearer = senderOf({ name: 'prometheus', format: 'alertmanager', auth: { bearer: TOKEN } });
  const begun = (url: string): Socket => {
    const socket = open(url);
    socket.write(
      'POST /webhooks/pagerduty HTTP/1.1\r\nHost: x\r\nX-PagerDuty-Signature: v1=00\r\nContent-Length: 9\r\n\r\n{',
    );
    return socket;
  };

  test('leave room for those that prove who they are, and for the health of the process', async () => {
    const { url, send } = await alertServer({ senders: [signing, bearer] });
    for (let i = 0; i < 100; i++) begun(url);
    const another = () => send('{}', { 'x-pagerduty-signature': 'v1=00' }, '/webhooks/pagerduty');
    await until('no room for another', async () => (await another()).status === 503);
    expect((await send(good)).status).toBe(200);
    expect((await send('', {}, '/healthz', 'GET')).status).toBe(200);
    expect((await send('', {}, '/readyz', 'GET')).status).toBe(200);
  });

  test('are sent away', async () => {
    const { url, taken } = await alertServer({ senders: [signing, bearer] });
    expect(await textOf(begun(url))).toMatch(/^HTTP\/1\.1 408 /);
    expect(taken).toEqual([]);
  });
});

function open(url: string): Socket {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.on('error', () => {}); // the server may end it first
  onTestFinished(() => void socket.destroy());
  return socket;
}

async function textOf(socket: Socket): Promise<string> {
  let text = '';
  socket.setEncoding('utf8').on('data', (part: string) => {
    text += part;
  });
  await once(socket, 'close');
  return text;
}
