// Serves the page, its live changes and its gestures, to whoever holds the token of this run. A browser gets the token
// once, in the address that the terminal prints, and then as a cookie that scripts and other sites cannot use.

import { timingSafeEqual } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CHECKOUT } from '../checkout.ts';
import { isOwnOrigin, readBody, sendJson, sendText } from './http.ts';
import { type Act, parseAct } from './page-acts.ts';
import { type PageOptions, pageChange, pagePeople, snapshot } from './page-state.ts';
import type { Workspace } from './workspace.ts';

const PAGE_FOLDER = pathToFileURL(join(CHECKOUT, 'src/demo/page/'));

const TYPES: Record<string, string> = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
};

const SECURITY = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
    "manifest-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
};

export type PageServer = {
  handle(request: IncomingMessage, response: ServerResponse, address: URL): Promise<void>;
  stop(): void;
};

export function createPageServer(
  workspace: Workspace,
  options: PageOptions & { token: string; port: () => number; commands: string[] },
  perform: (act: Act) => Promise<unknown>,
): PageServer {
  const streams = new Set<ServerResponse>();
  const cookieName = () => `slack-page-${options.port()}`;

  function isToken(candidate: string | undefined): boolean {
    const given = Buffer.from(candidate ?? '');
    const wanted = Buffer.from(options.token);
    return given.length === wanted.length && timingSafeEqual(given, wanted);
  }

  /** `bearer` for programs, `cookie` for the page; undefined for everybody else. */
  function credential(request: IncomingMessage): 'bearer' | 'cookie' | undefined {
    if (isToken(/^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1])) return 'bearer';
    const cookies = (request.headers.cookie ?? '').split(/;\s*/).map((cookie) => cookie.split('='));
    return cookies.some(([name, value]) => name === cookieName() && isToken(value)) ? 'cookie' : undefined;
  }

  function viewer(address: URL): string | undefined {
    const people = pagePeople(workspace, options);
    const wanted = address.searchParams.get('as') ?? people[0];
    return people.find((id) => id === wanted);
  }

  function stream(response: ServerResponse, user: string): void {
    response.writeHead(200, { ...SECURITY, 'content-type': 'text/event-stream; charset=utf-8' });
    const send = (data: object) => response.write(`data: ${JSON.stringify(data)}\n\n`);
    send({ type: 'snapshot', ...snapshot(workspace, options, options.commands, user) });
    const unlisten = workspace.listen((change) => {
      const data = pageChange(workspace, change, user);
      if (data) send(data);
    });
    const beat = setInterval(() => response.write(': still here\n\n'), 15_000);
    streams.add(response);
    response.on('close', () => {
      unlisten();
      clearInterval(beat);
      streams.delete(response);
    });
  }

  async function sendFile(response: ServerResponse, name: string): Promise<void> {
    const type = /^[a-z-]+\.(html|css|js|svg)$/.exec(name)?.[1];
    const content = type && (await readFile(new URL(name, PAGE_FOLDER)).catch(() => undefined));
    if (!type || !content) return sendText(response, 404, 'There is no such page.');
    response.writeHead(200, { ...SECURITY, 'content-type': TYPES[type] });
    response.end(content);
  }

  async function act(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parsed = parseAct(await readBody(request), pagePeople(workspace, options));
    if (typeof parsed === 'string') return sendJson(response, 400, { ok: false, reason: parsed });
    try {
      sendJson(response, 200, await perform(parsed));
    } catch (error) {
      sendJson(response, 409, { ok: false, reason: error instanceof Error ? error.message : String(error) });
    }
  }

  return {
    async handle(request, response, address) {
      const { pathname } = address;
      const token = address.searchParams.get('token');
      if (pathname === '/' && token !== null && isToken(token)) {
        const cookie = `${cookieName()}=${options.token}; HttpOnly; SameSite=Strict; Path=/`;
        response.writeHead(303, { ...SECURITY, location: '/', 'set-cookie': cookie });
        return void response.end();
      }
      const by = credential(request);
      if (!by) return sendText(response, 401, 'Open the address that the terminal printed: it carries the key.');
      const isForeign = request.headers.origin !== undefined && !isOwnOrigin(request);
      if (isForeign || (by === 'cookie' && request.method === 'POST' && !isOwnOrigin(request))) {
        return sendText(response, 403, 'This page answers only to itself.');
      }
      if (request.method === 'POST') {
        return pathname === '/act' ? act(request, response) : sendText(response, 404, 'There is no such action.');
      }
      if (pathname === '/events' || pathname === '/state') {
        const user = viewer(address);
        if (!user) return sendText(response, 403, 'The page may not be this person.');
        if (pathname === '/events') return stream(response, user);
        return sendJson(response, 200, snapshot(workspace, options, options.commands, user));
      }
      return sendFile(response, pathname === '/' ? 'index.html' : pathname.slice(1));
    },

    stop() {
      for (const response of streams) response.end();
    },
  };
}
