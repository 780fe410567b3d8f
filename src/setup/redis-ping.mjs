// Asks a Redis for PONG over a plain socket, because set-up runs before any client library is installed.
// Invariant: the answer never contains the password of the URL.
import { connect as connectPlain } from 'node:net';
import { connect as connectTls } from 'node:tls';

/**
 * @param {string} address redis:// or rediss:// with optional user and password
 * @param {number} timeoutMs
 * @returns {Promise<string | null>} null for PONG, otherwise a clause that says what was found
 */
export function ping(address, timeoutMs) {
  if (!URL.canParse(address)) return Promise.resolve('it is not a URL of the form redis://user:password@host:6379');
  const url = new URL(address);
  if (url.protocol !== 'redis:' && url.protocol !== 'rediss:') {
    return Promise.resolve(`it begins with ${url.protocol} and not with redis:// or rediss://`);
  }
  const host = url.hostname.replace(/^\[|\]$/g, '') || '127.0.0.1';
  const port = Number(url.port || 6379);
  const place = `${host}:${port}`;
  return new Promise((resolve) => {
    const socket =
      url.protocol === 'rediss:' ? connectTls({ host, port, servername: host }) : connectPlain({ host, port });
    let reply = '';
    /** @param {string | null} answer */
    const finish = (answer) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setEncoding('utf8').setTimeout(timeoutMs);
    socket.write(hello(url));
    socket.on('data', (text) => {
      reply += text;
      const refusal = reply.match(/^-([^\r\n]*)/m);
      if (refusal) finish(`${place} answered: ${refusal[1]}`);
      else if (reply.includes('+PONG\r\n')) finish(null);
      else if (reply.length > 1_000) finish(`${place} does not speak Redis`);
    });
    socket.on('timeout', () => finish(`${place} did not answer within ${timeoutMs / 1000} s`));
    socket.on('error', (error) => finish(`${place} did not answer (${error.message})`));
    socket.on('close', () => finish(`${place} closed the connection without an answer`));
  });
}

/** @param {URL} url */
function hello(url) {
  const user = decodeURIComponent(url.username);
  const password = decodeURIComponent(url.password);
  const auth = password ? command(['AUTH', ...(user ? [user] : []), password]) : '';
  return auth + command(['PING']);
}

/** @param {string[]} words a command as Redis reads it: count, then length and text of each word */
const command = (words) =>
  `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`;
