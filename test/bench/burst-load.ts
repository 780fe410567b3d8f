// The sender of the burst, a process of its own: 10,000 alerts over 8 kept connections, as fast as they are taken. What is
// not taken is sent again, as Alertmanager does. Prints one JSON document: how long it took, and each answer's time.

import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';

interface Settings {
  port: number;
  token: string;
  /** Bodies, each a group of alerts. */
  bodies: string[];
  connections: number;
}

const { port, token, bodies, connections } = JSON.parse(await text(process.stdin)) as Settings;
const agent = new Agent({ keepAlive: true, maxSockets: connections });

function send(body: string): Promise<number> {
  const headers = {
    authorization: `Bearer ${token}`,
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
  };
  return new Promise((resolve, reject) => {
    const asked = request(
      { agent, port, host: '127.0.0.1', path: '/webhooks/alertmanager', method: 'POST', headers },
      (response) => {
        response.resume();
        response.once('end', () => resolve(response.statusCode ?? 0));
      },
    );
    asked.once('error', reject);
    asked.end(body);
  });
}

const waiting = [...bodies];
const answersMs: number[] = [];
let refused = 0;

async function connection(): Promise<void> {
  for (let body = waiting.shift(); body !== undefined; body = waiting.shift()) {
    const start = performance.now();
    const status = await send(body).catch(() => 0);
    answersMs.push(performance.now() - start);
    if (status === 200) continue;
    refused += 1;
    waiting.push(body);
    await new Promise((done) => setTimeout(done, 200));
  }
}

const start = performance.now();
await Promise.all(Array.from({ length: connections }, connection));
const tookMs = performance.now() - start;
agent.destroy();
process.stdout.write(JSON.stringify({ tookMs, answersMs, refused }));
