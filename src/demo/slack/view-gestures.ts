// What a person does in a modal: press something in it, submit it, close it. Fields are checked before anything is sent,
// as Slack's client does; an unanswered submission leaves the modal open.

import type { Fields } from './block-rules.ts';
import { type Choice, chosen, elementsOf, stateValues } from './element-state.ts';
import { type GestureContext, interaction, type Outcome, person } from './gestures.ts';
import { SlackRefusal } from './refusal.ts';
import type { Block, View } from './types.ts';
import { applySubmission, closeViews, wireView } from './view-methods.ts';

const NO_ANSWER = 'We had some trouble connecting. Try again?';

export function createViewGestures(context: GestureContext) {
  const { workspace, delivery } = context;

  function openView(userId: string, viewId: string): View {
    const view = workspace.views.get(userId)?.find((candidate) => candidate.id === viewId);
    if (!view) throw new Error(`${userId} has no open view ${viewId}`);
    return view;
  }

  /** Writes what was entered into the view's state; `entries` are named by action id or by block id. */
  function enter(view: View, entries: Record<string, Choice>): void {
    for (const block of view.view.blocks) {
      for (const element of elementsOf(block)) {
        const id = String(element.action_id);
        const named = id in entries ? id : block.block_id;
        if (!(named in entries) || element.type === 'button') continue;
        view.values[block.block_id] = { ...view.values[block.block_id], [id]: chosen(element, entries[named]) };
      }
    }
    view.values = stateValues(view.view.blocks, view.values) as View['values'];
  }

  async function clickInView(userId: string, viewId: string, actionId: string, choice?: Choice): Promise<Outcome> {
    const view = openView(userId, viewId);
    const block = view.view.blocks.find((one) => elementsOf(one).some((element) => element.action_id === actionId));
    const element = block && elementsOf(block).find((candidate) => candidate.action_id === actionId);
    if (!block || !element) throw new Error(`view ${viewId} has no element "${actionId}"`);
    enter(view, { [actionId]: choice });
    const action = { action_id: actionId, block_id: block.block_id, ...chosen(element, choice) };
    const answer = await delivery.deliver({
      type: 'interactive',
      payload: {
        type: 'block_actions',
        ...interaction(context, person(workspace, userId)),
        container: { type: 'view', view_id: view.id },
        view: wireView(workspace, view),
        actions: [{ ...action, action_ts: workspace.nextTs() }],
      },
    });
    return answer.ok ? { ok: true } : answer;
  }

  async function submitView(userId: string, viewId: string, entries: Record<string, Choice>): Promise<Outcome> {
    const view = openView(userId, viewId);
    enter(view, entries);
    const errors = missing(view);
    if (errors) return { ok: false, reason: 'incomplete', errors };
    const payload: Fields = {
      type: 'view_submission',
      ...interaction(context, person(workspace, userId)),
      view: wireView(workspace, view),
      response_urls: [],
    };
    const answer = await delivery.deliver({ type: 'interactive', payload });
    if (!answer.ok) return { ok: false, reason: answer.reason, errors: { '': NO_ANSWER } };
    try {
      const refused = applySubmission(workspace, view, answer.body);
      return refused ? { ok: false, reason: 'errors', errors: refused } : { ok: true };
    } catch (error) {
      if (!(error instanceof SlackRefusal)) throw error;
      return { ok: false, reason: error.code, errors: { '': NO_ANSWER } };
    }
  }

  /** Closes the top view; with `clear_on_close`, the whole stack. */
  async function closeView(userId: string, viewId: string): Promise<Outcome> {
    const view = openView(userId, viewId);
    const isCleared = view.view.clear_on_close === true;
    closeViews(workspace, userId, isCleared);
    if (view.view.notify_on_close !== true) return { ok: true };
    const { trigger_id: _unused, ...rest } = interaction(context, person(workspace, userId));
    const payload = { type: 'view_closed', ...rest, view: wireView(workspace, view), is_cleared: isCleared };
    const answer = await delivery.deliver({ type: 'interactive', payload });
    return answer.ok ? { ok: true } : answer;
  }

  return { clickInView, submitView, closeView };
}

/** Required inputs that are empty, and texts outside their lengths; undefined when all is well. */
function missing(view: View): Record<string, string> | undefined {
  const errors: Record<string, string> = {};
  for (const block of view.view.blocks) {
    const problem = block.type === 'input' ? inputProblem(block, view) : undefined;
    if (problem) errors[block.block_id] = problem;
  }
  return Object.keys(errors).length ? errors : undefined;
}

function inputProblem(block: Block, view: View): string | undefined {
  const element = block.element as Fields;
  const state = view.values[block.block_id]?.[String(element.action_id)] as Fields | undefined;
  const value = state?.value ?? state?.selected_option ?? state?.selected_user ?? state?.selected_options;
  const empty = value === undefined || value === null || (Array.isArray(value) && value.length === 0);
  if (empty) return block.optional ? undefined : 'Please complete this required field.';
  if (typeof value !== 'string') return undefined;
  if (value.length < Number(element.min_length ?? 0)) return `Must be at least ${element.min_length} characters.`;
  if (value.length > Number(element.max_length ?? 3000))
    return `Must be at most ${element.max_length ?? 3000} characters.`;
  if (element.type === 'number_input' && !Number.isFinite(Number(value))) return 'Please enter a number.';
  return undefined;
}
