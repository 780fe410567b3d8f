// The value of an interactive element as Slack reports it in `actions[]` and `state.values`, from what a person chose.

import { type Fields, isObject } from './block-rules.ts';
import type { Block } from './types.ts';

/** What a person enters: text, one option's value, a user id, or several options' values. */
export type Choice = string | string[] | undefined;

/** The interactive elements of a block. */
export function elementsOf(block: Block): Fields[] {
  const inner = block.type === 'actions' ? (block.elements as unknown[]) : [block.accessory, block.element];
  return inner.filter(isObject).filter((element) => element.action_id !== undefined);
}

function optionsOf(element: Fields): Fields[] {
  const groups = (element.option_groups as Fields[] | undefined) ?? [];
  return [element.options, ...groups.map((group) => group.options)].filter(Array.isArray).flat();
}

/** Throws when the element has no such option: a person cannot choose what is not there. */
function option(element: Fields, value: string): Fields {
  const found = optionsOf(element).find((candidate) => candidate.value === value);
  if (!found) throw new Error(`${element.type} ${element.action_id} has no option "${value}"`);
  return { text: found.text, value };
}

/** The element's part of a payload after `choice`. */
export function chosen(element: Fields, choice: Choice): Fields {
  const { type } = element;
  switch (type) {
    case 'button':
      return { type, text: element.text, ...(element.value === undefined ? {} : { value: element.value }) };
    case 'static_select':
    case 'overflow':
    case 'radio_buttons':
      return { type, selected_option: choice === undefined ? null : option(element, String(choice)) };
    case 'checkboxes':
      return { type, selected_options: [choice ?? []].flat().map((value) => option(element, value)) };
    case 'users_select':
      return { type, selected_user: choice ?? null };
    default:
      return { type, value: choice === undefined || choice === '' ? null : String(choice) };
  }
}

/** The element's value before anybody touched it; undefined for elements without a value. */
export function initial(element: Fields): Fields | undefined {
  const first = element.initial_option as Fields | undefined;
  const several = element.initial_options as Fields[] | undefined;
  switch (element.type) {
    case 'button':
    case 'overflow':
      return undefined;
    case 'checkboxes':
      return chosen(
        element,
        several?.map((entry) => String(entry.value)),
      );
    case 'users_select':
      return chosen(element, element.initial_user as string | undefined);
    case 'static_select':
    case 'radio_buttons':
      return chosen(element, first && String(first.value));
    default:
      return chosen(element, element.initial_value as string | undefined);
  }
}

/** `state.values` of a surface: what was entered, else what stood there at first. */
export function stateValues(blocks: Block[], entered: Record<string, Record<string, unknown>>): Fields {
  const values: Record<string, Fields> = {};
  for (const block of blocks) {
    for (const element of elementsOf(block)) {
      const value = entered[block.block_id]?.[String(element.action_id)] ?? initial(element);
      if (value === undefined) continue;
      values[block.block_id] = { ...values[block.block_id], [String(element.action_id)]: value };
    }
  }
  return values;
}
