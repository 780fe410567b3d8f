// Modals: views.open, push and update, and what an acknowledged submission may do to the stack. A person has at most
// one stack of three; a trigger id opens once.

import { viewProblems } from './block-check.ts';
import { type Fields, isObject } from './block-rules.ts';
import { jsonArgument } from './content.ts';
import { SlackRefusal } from './refusal.ts';
import type { Triggers } from './triggers.ts';
import type { Block, View } from './types.ts';
import { type Workspace, withIds } from './workspace.ts';

const STACK_MAX = 3;

function checkedView(value: unknown): Fields & { blocks: Block[] } {
  const view = jsonArgument(value, 'invalid_arguments');
  const problems = viewProblems(view);
  if (problems.length) throw new SlackRefusal('invalid_arguments', problems);
  const fields = view as Fields;
  return { ...fields, blocks: withIds(fields.blocks as unknown[]) };
}

/** The view as Slack sends it back and with every interaction. */
export function wireView(workspace: Workspace, view: View): Fields {
  return {
    private_metadata: '',
    callback_id: '',
    external_id: '',
    clear_on_close: false,
    notify_on_close: false,
    ...view.view,
    id: view.id,
    team_id: workspace.team.id,
    app_id: workspace.bot.appId,
    bot_id: workspace.bot.botId,
    root_view_id: view.rootId,
    previous_view_id: view.previousId,
    hash: view.hash,
    state: { values: view.values },
  };
}

/** Puts a view on a person's stack: as its only one (`open`), or on top (`push`). */
export function showView(workspace: Workspace, user: string, value: unknown, how: 'open' | 'push'): View {
  const checked = checkedView(value);
  const stack = how === 'open' ? [] : (workspace.views.get(user) ?? []);
  if (how === 'push' && stack.length === 0) throw new SlackRefusal('not_found');
  if (stack.length >= STACK_MAX) throw new SlackRefusal('push_limit_reached');
  const id = workspace.nextId('V');
  const previousId = stack.at(-1)?.id ?? null;
  const hash = workspace.nextTs();
  const view = { id, user, rootId: stack[0]?.id ?? id, previousId, hash, view: checked, values: {} };
  workspace.views.set(user, [...stack, view]);
  workspace.announce({ type: 'views', user });
  return view;
}

export function changeView(workspace: Workspace, view: View, value: unknown): void {
  view.view = checkedView(value);
  view.hash = workspace.nextTs();
  // What was entered stays where a block and an element kept their names, as in Slack.
  const kept = Object.entries(view.values).filter(([id]) => view.view.blocks.some((block) => block.block_id === id));
  view.values = Object.fromEntries(kept);
  workspace.announce({ type: 'views', user: view.user });
}

/** Closes the top view of a person's stack, or the whole stack. */
export function closeViews(workspace: Workspace, user: string, all: boolean): void {
  const stack = workspace.views.get(user) ?? [];
  workspace.views.set(user, all ? [] : stack.slice(0, -1));
  workspace.announce({ type: 'views', user });
}

export function findView(workspace: Workspace, id: unknown): View | undefined {
  if (id === undefined) return undefined;
  return [...workspace.views.values()].flat().find((view) => view.id === id || view.view.external_id === id);
}

export function viewsOpen(workspace: Workspace, triggers: Triggers, args: Fields): object {
  checkedView(args.view);
  const user = triggers.exchangeTrigger(args.trigger_id);
  return { view: wireView(workspace, showView(workspace, user, args.view, 'open')) };
}

export function viewsPush(workspace: Workspace, triggers: Triggers, args: Fields): object {
  checkedView(args.view);
  const user = triggers.exchangeTrigger(args.trigger_id);
  return { view: wireView(workspace, showView(workspace, user, args.view, 'push')) };
}

export function viewsUpdate(workspace: Workspace, args: Fields): object {
  const view = findView(workspace, args.view_id ?? args.external_id);
  if (!view) throw new SlackRefusal('not_found');
  if (args.hash !== undefined && args.hash !== view.hash) throw new SlackRefusal('hash_conflict');
  changeView(workspace, view, args.view);
  return { view: wireView(workspace, view) };
}

/** What an acknowledgement of `view_submission` asks for; returns the errors to show, by block id. */
export function applySubmission(workspace: Workspace, view: View, body: unknown): Record<string, string> | undefined {
  const answer = isObject(body) ? body : {};
  if (answer.response_action === 'errors') return answer.errors as Record<string, string>;
  if (answer.response_action === 'update') changeView(workspace, view, answer.view);
  else if (answer.response_action === 'push') showView(workspace, view.user, answer.view, 'push');
  else closeViews(workspace, view.user, answer.response_action === 'clear');
  return undefined;
}
