// What may stand inside a block: texts, buttons, menus, inputs. The limits are those in the comments of @slack/types;
// where Slack's pages and the types disagree, the smaller number is taken. Only what the page can draw is accepted.

import { also, boolean, byType, list, number, object, oneOf, type Rule, string, url } from './block-rules.ts';

export const id = string(255);

export function plain(max: number): Rule {
  return byType({ plain_text: object({ text: string(max) }, { emoji: boolean }) });
}

export function text(max: number): Rule {
  return byType({
    plain_text: object({ text: string(max) }, { emoji: boolean }),
    mrkdwn: object({ text: string(max) }, { verbatim: boolean }),
  });
}

export const image: Rule = object({ alt_text: string(2000), image_url: url(3000) }, { block_id: id });

/** Confirmation dialog: all four texts are required, as in Slack's reference (the types are looser). */
const confirm = object(
  { title: plain(100), text: text(300), confirm: plain(30), deny: plain(30) },
  { style: oneOf('primary', 'danger') },
);

const plainOption = object({ text: plain(75), value: string(75) }, { description: plain(75) });
const richOption = object({ text: text(75), value: string(75) }, { description: text(75) });
const overflowOption = object({ text: plain(75), value: string(75) }, { description: plain(75), url: url(3000) });
const optionGroup = object({ label: plain(75), options: list(plainOption, 100) });

const interactive = { action_id: id, confirm };
const input = { ...interactive, focus_on_load: boolean };
const dispatch = {
  dispatch_action_config: object({
    trigger_actions_on: list(oneOf('on_enter_pressed', 'on_character_entered'), 2),
  }),
};

const button = object(
  { text: plain(75) },
  {
    ...interactive,
    value: string(2000),
    url: url(3000),
    style: oneOf('primary', 'danger'),
    accessibility_label: string(75),
  },
);

const staticSelect = also(
  object(
    {},
    {
      ...input,
      placeholder: plain(150),
      options: list(plainOption, 100),
      option_groups: list(optionGroup, 100),
      initial_option: plainOption,
    },
  ),
  (element) =>
    Boolean(element.options) === Boolean(element.option_groups)
      ? 'must define either `options` or `option_groups`'
      : undefined,
);

const usersSelect = object({}, { ...input, placeholder: plain(150), initial_user: id });
const checkboxes = object({ options: list(richOption, 10) }, { ...input, initial_options: list(richOption, 10) });
const radioButtons = object({ options: list(richOption, 10) }, { ...input, initial_option: richOption });
const overflow = object({ options: list(overflowOption, 5) }, interactive);

const plainTextInput = object(
  {},
  {
    action_id: id,
    focus_on_load: boolean,
    placeholder: plain(150),
    initial_value: string(3000),
    multiline: boolean,
    min_length: number(0, 3000),
    max_length: number(1, 3000),
    ...dispatch,
  },
);

const numberInput = object(
  { is_decimal_allowed: boolean },
  {
    action_id: id,
    focus_on_load: boolean,
    placeholder: plain(150),
    initial_value: string(75),
    min_value: string(75),
    max_value: string(75),
    ...dispatch,
  },
);

const menus = {
  button,
  static_select: staticSelect,
  users_select: usersSelect,
  checkboxes,
  radio_buttons: radioButtons,
  overflow,
};

export const actionElement: Rule = byType(menus);
export const accessory: Rule = byType({ ...menus, image });
export const inputElement: Rule = byType({
  plain_text_input: plainTextInput,
  number_input: numberInput,
  static_select: staticSelect,
  users_select: usersSelect,
  checkboxes,
  radio_buttons: radioButtons,
});
