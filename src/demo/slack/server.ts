// A Slack to talk to without Slack: one loopback server with the Web API, Socket Mode or signed HTTP requests, response
// URLs and the page. It is never kinder than Slack: what it lets pass, Slack lets pass.

import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createCommandGestures } from './command-gestures.ts';
import { createEvents, RETRY_AFTER_MS } from './events.ts';
import type { GestureContext } from './gestures.ts';
import { isOwnHost, sendText } from './http.ts';
import { createHttpMode } from './http-mode.ts';
import { createMessageGestures } from './message-gestures.ts';
import { createMishaps } from './mishaps.ts';
import type { Act } from './page-acts.ts';
import { createPageServer } from './page-server.ts';
import type { PageOptions } from './page-state.ts';
import { pings } from './pings.ts';
import { handleResponseUrl } from './response-url.ts';
import { createSocketMode } from './socket-mode.ts';
import { messageLines } from './transcript.ts';
import { createTriggers } from './triggers.ts';
import type { Change, Message } from './types.ts';
import { createViewGestures } from './view-gestures.ts';
import { createWebApi, SCOPES } from './web-api.ts';
import { createWorkspace, type WorkspaceOptions } from './workspace.ts';

export type SlackOptions = WorkspaceOptions & {
  mode: 'socket' | 'http';
  /** HTTP mode: where the app takes requests; may be set later with `setAppUrl`. */
  appUrl?: string;
  signingSecret: string;
  botToken: string;
  appToken: string;
  commands: string[];
  /** Events that the app subscribed to; default `app_mention`. */
  subscriptions?: string[];
  /** Scopes of the bot token; default: all that the double knows. */
  scopes?: string[];
  /** Default true: 429 with Retry-After, as Slack. */
  rateLimits?: boolean;
  /** When an unacknowledged event is sent again. Default: Slack's own times. */
  eventRetryAfterMs?: number[];
  page?: PageOptions;
  /** Default: any free port. */
  port?: number;
  /** Called with every message as it appears or changes, as lines of text; for a terminal. */
  log?: (entry: { change: Change['type']; author: string; to?: string; message: Message; lines: string[] }) => void;
};

export type Slack = Awaited<ReturnType<typeof startSlack>>;

/** Starts the double on 127.0.0.1. `apiUrl` goes into the app's `slackApiUrl`, `pageUrl` into a browser. */
export async function startSlack(options: SlackOptions) {
  const workspace = createWorkspace(options);
  const triggers = createTriggers(workspace.now);
  const token = randomBytes(24).toString('base64url');
  let appUrl = options.appUrl;
  let port = 0;
  const origin = () => `http://127.0.0.1:${port}`;
  const socketMode = createSocketMode(workspace.bot.appId, () => `ws://127.0.0.1:${port}/link/`);
  const delivery = options.mode === 'socket' ? socketMode : createHttpMode(options.signingSecret, () => appUrl);
  const events = createEvents(workspace, delivery, options.eventRetryAfterMs ?? RETRY_AFTER_MS);
  const mishaps = createMishaps();
  const webApi = createWebApi(workspace, triggers, {
    botToken: options.botToken,
    appToken: options.appToken,
    scopes: options.scopes ?? SCOPES,
    rateLimits: options.rateLimits !== false,
    mishaps,
    openSocket: socketMode.openSocket,
  });
  const context: GestureContext = {
    workspace,
    triggers,
    delivery,
    events,
    commands: options.commands,
    subscriptions: options.subscriptions ?? ['app_mention'],
    origin,
  };
  const send = { ...createCommandGestures(context), ...createMessageGestures(context), ...createViewGestures(context) };

  async function perform(act: Act): Promise<unknown> {
    if (act.do === 'command') return send.command(act.as, act.channel, act.text, act.threadTs);
    if (act.do === 'say') return { ok: true, ts: (await send.say(act.as, act.channel, act.text, act.threadTs)).ts };
    if (act.do === 'clickInView') return send.clickInView(act.as, act.view, act.actionId, act.choice);
    if (act.do === 'submitView') return send.submitView(act.as, act.view, act.entries);
    if (act.do === 'closeView') return send.closeView(act.as, act.view);
    const message = workspace.find(act.channel, act.ts);
    if (!message) return { ok: false, reason: 'message_not_found' };
    if (act.do === 'shortcut') return send.messageShortcut(act.as, message, act.callbackId);
    return send.click(act.as, message, act.actionId, { choice: act.choice, blockId: act.blockId });
  }

  const pageOptions = { ...options.page, token, port: () => port, commands: options.commands };
  const page = createPageServer(workspace, pageOptions, perform);

  const server = createServer((request, response) => {
    const address = URL.canParse(request.url ?? '', origin()) ? new URL(request.url ?? '', origin()) : undefined;
    if (!address || !isOwnHost(request, port))
      return sendText(response, 403, 'This server answers only on its own address.');
    const path = address.pathname;
    const isForApps = path.startsWith('/api/') || path.startsWith('/commands/') || path.startsWith('/actions/');
    // Apps are programs: a request with an Origin comes from a browser, and no browser has business there.
    if (isForApps && request.headers.origin) return sendText(response, 403, 'The API is not for browsers.');
    const handled = path.startsWith('/api/')
      ? webApi.handle(request, response, address)
      : isForApps
        ? handleResponseUrl(workspace, triggers, request, response, path)
        : page.handle(request, response, address);
    handled.catch((error) => {
      process.emitWarning(`Slack double: ${error instanceof Error ? error.stack : error}`);
      if (!response.headersSent) sendText(response, 500, 'internal_error');
    });
  });
  server.on('upgrade', (request, socket, head) => {
    if (isOwnHost(request, port) && request.url?.startsWith('/link/')) socketMode.handleUpgrade(request, socket, head);
    else socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  port = (server.address() as AddressInfo).port;

  const { log } = options;
  if (log) {
    workspace.listen((change) => {
      if (!('message' in change)) return;
      const { message } = change;
      const nameOf = (user: string): string => workspace.users.get(user)?.name ?? user;
      // Of an ephemeral or direct message, who alone sees it.
      const reader =
        message.ephemeralFor ?? (message.channel.startsWith('D') ? `U${message.channel.slice(1)}` : undefined);
      const to = reader && nameOf(reader);
      log({ change: change.type, author: nameOf(message.user), to, message, lines: messageLines(workspace, message) });
    });
  }

  return {
    apiUrl: `${origin()}/api/`,
    pageUrl: `${origin()}/?token=${token}`,
    token,
    bot: workspace.bot,
    send,
    /** Every Web API call so far, oldest first. */
    requests: () => structuredClone(webApi.requests),
    /** What is in a channel, replies included: for everybody, or with the ephemeral messages of one person. */
    messages: (channel: string, user?: string) => structuredClone(workspace.visible(channel, user)),
    /** The modals that a person has open, the top one last. */
    views: (user: string) => structuredClone(workspace.views.get(user) ?? []),
    pings,
    lines: (message: Message) => messageLines(workspace, message),
    listen: workspace.listen,
    /** Events to the app that no gesture makes, e.g. a message that somebody posts. */
    sendEvent: events.send,
    /** What will go wrong with calls to come. */
    mishaps: { plan: mishaps.plan, clear: mishaps.clear },
    setAppUrl(url: string) {
      appUrl = url;
    },
    socket: {
      connections: socketMode.connections,
      disconnectAll: socketMode.disconnectAll,
      repeat: socketMode.repeat,
    },
    async stop() {
      events.stop();
      page.stop();
      await delivery.stop();
      await socketMode.stop();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeIdleConnections();
      // Calls that are being answered get their answer; whoever holds a connection open does not hold us.
      const patience = setTimeout(() => server.closeAllConnections(), 300);
      await closed;
      clearTimeout(patience);
    },
  };
}
