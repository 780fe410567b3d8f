// Answers to an interaction: through its response URL, or in the acknowledgement of a slash command. Private to the
// person who asked unless the app says `in_channel`.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Fields, isObject } from './block-rules.ts';
import { flag, newContent, readContent } from './content.ts';
import { readBody, sendJson } from './http.ts';
import { refusalBody, SlackRefusal } from './refusal.ts';
import type { ResponseTarget, Triggers } from './triggers.ts';
import type { Workspace } from './workspace.ts';

/** Publishes, replaces or deletes, as the answer says. Refuses what Slack would refuse. */
export function respond(workspace: Workspace, target: ResponseTarget, body: Fields): void {
  const original = target.messageTs ? workspace.find(target.channel, target.messageTs) : undefined;
  // A slash command has no original message: Slack takes `replace_original` and posts a new message all the same.
  if (target.kind === 'actions' && flag(body.delete_original)) {
    if (original) workspace.remove(original);
    return;
  }
  if (target.kind === 'actions' && flag(body.replace_original)) {
    if (!original) return;
    const { text, blocks } = readContent(body, 40_000);
    if (!text && !blocks?.length) throw new SlackRefusal('no_text');
    workspace.update(original, { text: text ?? '', blocks: blocks ?? [] });
    return;
  }
  const inChannel = body.response_type === 'in_channel';
  workspace.post({
    channel: target.channel,
    user: workspace.bot.userId,
    ...newContent(body),
    threadTs: body.thread_ts ? String(body.thread_ts) : target.threadTs,
    ephemeralFor: inChannel ? undefined : target.user,
  });
}

/** Answers `POST /commands/…` and `POST /actions/…`. */
export async function handleResponseUrl(
  workspace: Workspace,
  triggers: Triggers,
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
): Promise<void> {
  const body = parse(await readBody(request));
  if (!body) return sendJson(response, 400, { ok: false, error: 'invalid_payload' });
  try {
    respond(workspace, triggers.useResponse(path), body);
    sendJson(response, 200, { ok: true });
  } catch (error) {
    if (!(error instanceof SlackRefusal)) throw error;
    const gone = error.code === 'used_url' || error.code === 'expired_url';
    sendJson(response, gone ? 404 : 400, refusalBody(error));
  }
}

function parse(text: string | undefined): Fields | undefined {
  try {
    const body: unknown = JSON.parse(text ?? '');
    return isObject(body) ? body : undefined;
  } catch {
    return undefined;
  }
}
