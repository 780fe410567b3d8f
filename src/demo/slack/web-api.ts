// The Web API's door: token, rate limit, method, answer. Errors travel as Slack sends them: HTTP 200 with `ok: false`,
// and HTTP 429 with Retry-After when there were too many. Each call is remembered for whoever wants to look.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Fields, isObject } from './block-rules.ts';
import { getPermalink, postEphemeral, postMessage, remove, update } from './chat-methods.ts';
import { conversationsHistory, conversationsReplies } from './history-methods.ts';
import { readBody, sendJson } from './http.ts';
import { createLimits } from './limits.ts';
import type { Mishap, Mishaps } from './mishaps.ts';
import { authTest, conversationsInfo, conversationsMembers, userGroupUsers, usersInfo } from './people-methods.ts';
import { refusalBody, SlackRefusal } from './refusal.ts';
import type { Triggers } from './triggers.ts';
import type { ApiRequest } from './types.ts';
import { viewsOpen, viewsPush, viewsUpdate } from './view-methods.ts';
import type { Workspace } from './workspace.ts';

export type WebApiOptions = {
  botToken: string;
  appToken: string;
  /** Scopes of the bot token. */
  scopes: string[];
  rateLimits: boolean;
  mishaps: Mishaps;
  /** A fresh WebSocket address for Socket Mode. */
  openSocket: () => string;
};

type Method = { token: 'bot' | 'app'; scopes: string[]; run: (args: Fields) => object };

/** The scopes that this double can ask for; a workspace grants all of them unless told otherwise. */
export const SCOPES = [
  'commands',
  'chat:write',
  'channels:read',
  'groups:read',
  'channels:history',
  'groups:history',
  'users:read',
  'usergroups:read',
];

const HISTORY = ['channels:history', 'groups:history'];

export function createWebApi(workspace: Workspace, triggers: Triggers, options: WebApiOptions) {
  const requests: ApiRequest[] = [];
  const limits = createLimits(workspace.now);
  const bot = (scopes: string[], run: Method['run']): Method => ({ token: 'bot', scopes, run });

  const methods: Record<string, Method> = {
    'auth.test': bot([], () => authTest(workspace)),
    'apps.connections.open': { token: 'app', scopes: [], run: () => ({ url: options.openSocket() }) },
    'chat.postMessage': bot(['chat:write'], (args) => postMessage(workspace, args)),
    'chat.postEphemeral': bot(['chat:write'], (args) => postEphemeral(workspace, args)),
    'chat.update': bot(['chat:write'], (args) => update(workspace, args)),
    'chat.delete': bot(['chat:write'], (args) => remove(workspace, args)),
    'chat.getPermalink': bot([], (args) => getPermalink(workspace, args)),
    'conversations.info': bot(['channels:read', 'groups:read'], (args) => conversationsInfo(workspace, args)),
    'conversations.members': bot(['channels:read', 'groups:read'], (args) => conversationsMembers(workspace, args)),
    'conversations.history': bot(HISTORY, (args) => conversationsHistory(workspace, args)),
    'conversations.replies': bot(HISTORY, (args) => conversationsReplies(workspace, args)),
    'users.info': bot(['users:read'], (args) => usersInfo(workspace, args)),
    'usergroups.users.list': bot(['usergroups:read'], (args) => userGroupUsers(workspace, args)),
    'views.open': bot([], (args) => viewsOpen(workspace, triggers, args)),
    'views.push': bot([], (args) => viewsPush(workspace, triggers, args)),
    'views.update': bot([], (args) => viewsUpdate(workspace, args)),
  };

  function authorise(method: Method, token: string): void {
    if (!token) throw new SlackRefusal('not_authed');
    if (token !== options.botToken && token !== options.appToken) throw new SlackRefusal('invalid_auth');
    const expected = method.token === 'bot' ? options.botToken : options.appToken;
    if (token !== expected) throw new SlackRefusal('not_allowed_token_type');
    // Slack asks for one of them: channels:read for public, groups:read for private channels.
    const granted = method.scopes.length === 0 || method.scopes.some((scope) => options.scopes.includes(scope));
    if (!granted) throw new SlackRefusal('missing_scope');
  }

  /** Runs one call; returns the HTTP status, the body and the seconds to wait. */
  function call(name: string, token: string, args: Fields): Answer {
    try {
      const method = Object.hasOwn(methods, name) ? methods[name] : undefined;
      if (!method) throw new SlackRefusal('unknown_method');
      authorise(method, token);
      const retryAfter = options.rateLimits ? limits(name, String(args.channel ?? '')) : 0;
      if (retryAfter) return { status: 429, body: { ok: false, error: 'ratelimited' }, retryAfter };
      return { status: 200, body: { ok: true, ...method.run(args) } };
    } catch (error) {
      if (!(error instanceof SlackRefusal)) throw error;
      const body = refusalBody(error);
      if (error.code !== 'missing_scope') return { status: 200, body };
      const needed = methods[name]?.scopes.join(',');
      return { status: 200, body: { ...body, needed, provided: options.scopes.join(',') } };
    }
  }

  return {
    requests,

    /** Answers `POST /api/<method>`. */
    async handle(request: IncomingMessage, response: ServerResponse, address: URL): Promise<void> {
      const name = address.pathname.slice('/api/'.length);
      const text = await readBody(request);
      const args = text === undefined ? undefined : readArguments(request, address, text);
      if (!args) return sendJson(response, 200, { ok: false, error: 'invalid_json' });
      const bearer = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1];
      const { token, ...rest } = args;
      const run = () => call(name, bearer ?? String(token ?? ''), rest);
      const mishap = options.mishaps.next(name, String(rest.channel ?? ''));
      const answer = mishap ? befallen(mishap, run) : run();
      const result = 'error' in answer.body ? String(answer.body.error) : 'ok';
      requests.push({ method: name, args: rest, result, at: workspace.now() });
      if (answer.silent) return;
      if (answer.cut) return void request.socket.destroy();
      sendJson(response, answer.status, answer.body, {
        'x-oauth-scopes': options.scopes.join(','),
        ...(answer.retryAfter ? { 'retry-after': String(answer.retryAfter) } : {}),
      });
    },
  };
}

type Answer = { status: number; body: object; retryAfter?: number; cut?: boolean; silent?: boolean };

function befallen(mishap: Mishap, run: () => Answer): Answer {
  if (mishap.is === 'rate-limited')
    return { status: 429, body: { ok: false, error: 'ratelimited' }, retryAfter: mishap.seconds };
  const body = { ok: false, error: mishap.is === 'error' ? mishap.error : mishap.is };
  if (mishap.done) run();
  if (mishap.is === 'status') return { status: mishap.status, body };
  if (mishap.is === 'error') return { status: 200, body };
  return { status: 200, body, cut: mishap.is === 'answer-lost', silent: mishap.is === 'silent' };
}

function readArguments(request: IncomingMessage, address: URL, text: string): Fields | undefined {
  const type = request.headers['content-type'] ?? '';
  if (type.startsWith('application/json')) {
    try {
      const body: unknown = JSON.parse(text || '{}');
      return isObject(body) ? body : undefined;
    } catch {
      return undefined;
    }
  }
  return Object.fromEntries([...address.searchParams, ...new URLSearchParams(text)]);
}
