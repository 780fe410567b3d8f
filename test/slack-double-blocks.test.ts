// Block Kit as Slack checks it: what is too long, too many, unknown or missing is refused in Slack's words, and what a
// message would ping is known before anybody is woken.

import { describe, expect, test } from 'vitest';
import { blockProblems, viewProblems } from '../src/demo/slack/block-check.ts';
import { newContent } from '../src/demo/slack/content.ts';
import { pings } from '../src/demo/slack/pings.ts';
import { mrkdwnText } from '../src/demo/slack/transcript.ts';
import type { Block } from '../src/demo/slack/types.ts';

const plain = (text: string) => ({ type: 'plain_text', text });
const mrkdwn = (text: string) => ({ type: 'mrkdwn', text });
const section = (text: string) => ({ type: 'section', text: mrkdwn(text) });
const button = (more: object = {}) => ({ type: 'button', action_id: 'go', text: plain('Go'), ...more });
const actions = (...elements: object[]) => ({ type: 'actions', elements });
const option = (value: string) => ({ text: plain(value), value });
const select = (more: object) => ({ type: 'static_select', action_id: 'pick', ...more });
const many = <T>(count: number, make: (index: number) => T) => Array.from({ length: count }, (_, index) => make(index));
const confirm = { title: plain('Sure'), text: plain('It will restart.'), confirm: plain('Yes'), deny: plain('No') };
const rich = (...elements: object[]) => ({ type: 'rich_text', elements });

describe('what Slack takes', () => {
  test.each([
    ['a card', [{ type: 'header', text: plain('x'.repeat(150)) }, section('x'.repeat(3000)), { type: 'divider' }]],
    ['fields', [{ type: 'section', fields: many(10, () => mrkdwn('x'.repeat(2000))) }]],
    ['buttons', [actions(...many(25, (index) => button({ action_id: `go-${index}`, value: 'x'.repeat(2000) })))]],
    ['a confirmation', [actions(button({ confirm, style: 'danger' }))]],
    ['a menu', [actions(select({ options: many(100, (index) => option(`${index}`)) }))]],
    ['groups', [actions(select({ option_groups: [{ label: plain('a'), options: [option('a')] }] }))]],
    ['the same action in two blocks', [actions(button()), { ...section('x'), accessory: button() }]],
    [
      'context',
      [{ type: 'context', elements: [mrkdwn('a'), { type: 'image', image_url: 'https://x.y/z.png', alt_text: 'z' }] }],
    ],
    [
      'rich text',
      [
        rich(
          { type: 'rich_text_section', elements: [{ type: 'text', text: 'a', style: { bold: true } }] },
          { type: 'rich_text_preformatted', elements: [{ type: 'text', text: '<!channel> {"a":1}' }] },
          {
            type: 'rich_text_list',
            style: 'bullet',
            elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: 'a' }] }],
          },
        ),
      ],
    ],
  ])('%s', (_name, blocks) => {
    expect(blockProblems(blocks)).toEqual([]);
  });
});

describe('what Slack refuses', () => {
  test.each([
    [
      'a long text',
      [section('x'.repeat(3001))],
      'must be less than 3001 characters [json-pointer:/blocks/0/text/text]',
    ],
    ['an empty text', [section('')], 'must be more than 0 characters [json-pointer:/blocks/0/text/text]'],
    ['an empty section', [{ type: 'section' }], 'must define either `text` or `fields` [json-pointer:/blocks/0]'],
    ['51 blocks', many(51, () => ({ type: 'divider' })), 'no more than 50 items allowed [json-pointer:/blocks]'],
    ['an unknown block', [{ type: 'hologram' }], 'unsupported type: hologram [json-pointer:/blocks/0/type]'],
    [
      'an unknown element',
      [actions({ type: 'knob' })],
      'unsupported type: knob [json-pointer:/blocks/0/elements/0/type]',
    ],
    [
      'an unknown field',
      [actions(button({ disabled: true }))],
      'invalid additional property: disabled [json-pointer:/blocks/0/elements/0]',
    ],
    [
      'a missing text',
      [actions({ type: 'button', action_id: 'x' })],
      'missing required field: text [json-pointer:/blocks/0/elements/0]',
    ],
    [
      'mrkdwn in a header',
      [{ type: 'header', text: mrkdwn('x') }],
      'unsupported type: mrkdwn [json-pointer:/blocks/0/text/type]',
    ],
    [
      'a long header',
      [{ type: 'header', text: plain('x'.repeat(151)) }],
      'must be less than 151 characters [json-pointer:/blocks/0/text/text]',
    ],
    [
      'a long label',
      [actions(button({ text: plain('x'.repeat(76)) }))],
      'must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]',
    ],
    [
      'a long value',
      [actions(button({ value: 'x'.repeat(2001) }))],
      'must be less than 2001 characters [json-pointer:/blocks/0/elements/0/value]',
    ],
    [
      'an invented style',
      [actions(button({ style: 'default' }))],
      'value must be one of: primary, danger [json-pointer:/blocks/0/elements/0/style]',
    ],
    [
      'a half confirmation',
      [actions(button({ confirm: { title: plain('x'), text: plain('x'), confirm: plain('x') } }))],
      'missing required field: deny [json-pointer:/blocks/0/elements/0/confirm]',
    ],
    [
      'no options',
      [actions(select({}))],
      'must define either `options` or `option_groups` [json-pointer:/blocks/0/elements/0]',
    ],
    [
      '101 options',
      [actions(select({ options: many(101, (index) => option(`${index}`)) }))],
      'no more than 100 items allowed [json-pointer:/blocks/0/elements/0/options]',
    ],
    [
      'six in an overflow',
      [actions({ type: 'overflow', action_id: 'x', options: many(6, (index) => option(`${index}`)) })],
      'no more than 5 items allowed [json-pointer:/blocks/0/elements/0/options]',
    ],
    [
      '26 buttons',
      [actions(...many(26, (index) => button({ action_id: `${index}` })))],
      'no more than 25 items allowed [json-pointer:/blocks/0/elements]',
    ],
    ['no buttons', [actions()], 'no less than 1 items allowed [json-pointer:/blocks/0/elements]'],
    [
      'eleven in a context',
      [{ type: 'context', elements: many(11, () => mrkdwn('a')) }],
      'no more than 10 items allowed [json-pointer:/blocks/0/elements]',
    ],
    [
      'eleven fields',
      [{ type: 'section', fields: many(11, () => mrkdwn('a')) }],
      'no more than 10 items allowed [json-pointer:/blocks/0/fields]',
    ],
    [
      'a repeated action',
      [actions(button(), button())],
      '`action_id` "go" already exists [json-pointer:/blocks/0/elements/1/action_id]',
    ],
    [
      'a repeated block',
      [
        { type: 'divider', block_id: 'a' },
        { type: 'divider', block_id: 'a' },
      ],
      '`block_id` "a" already exists [json-pointer:/blocks/1/block_id]',
    ],
    [
      'a script as an address',
      [actions(button({ url: 'javascript:alert(1)' }))],
      'must be a valid url [json-pointer:/blocks/0/elements/0/url]',
    ],
    ['a string for a text', [{ type: 'section', text: 'x' }], 'must provide an object [json-pointer:/blocks/0/text]'],
    [
      'empty rich text',
      [rich({ type: 'rich_text_section', elements: [{ type: 'text', text: '' }] })],
      'must be more than 0 characters [json-pointer:/blocks/0/elements/0/elements/0/text]',
    ],
    [
      'a mention in preformatted text',
      [rich({ type: 'rich_text_preformatted', elements: [{ type: 'user', user_id: 'U1' }] })],
      'unsupported type: user [json-pointer:/blocks/0/elements/0/elements/0/type]',
    ],
    [
      'two tables',
      many(2, () => ({ type: 'table', rows: [[{ type: 'raw_text', text: 'a' }]] })),
      'only one table allowed [json-pointer:/blocks/1]',
    ],
    ['no list', 'x', 'must provide an array [json-pointer:/blocks]'],
  ])('%s', (_name, blocks, problem) => {
    expect(blockProblems(blocks)).toContain(`[ERROR] ${problem}`);
  });

  test('a modal with an input and nothing to submit it, and a long title', () => {
    const input = { type: 'input', label: plain('Why'), element: { type: 'plain_text_input' } };
    const view = { type: 'modal', title: plain('x'.repeat(25)), blocks: [input] };
    expect(viewProblems(view)).toEqual([
      '[ERROR] must be less than 25 characters [json-pointer:/view/title/text]',
      '[ERROR] missing required field: submit [json-pointer:/view]',
    ]);
    expect(viewProblems({ type: 'home', blocks: [] })).toEqual([
      '[ERROR] unsupported type: home [json-pointer:/view/type]',
    ]);
  });

  test('a message whose blocks are each allowed but together too long', () => {
    const blocks = many(4, () => section('x'.repeat(2900)));
    expect(blockProblems(blocks)).toEqual([]);
    expect(() => newContent({ blocks })).toThrow('msg_blocks_too_long');
  });
});

describe('whom a message pings', () => {
  const message = (text: string, blocks: object[] = [], more: object = {}) =>
    pings({ channel: 'C', ts: '1', user: 'U', text, blocks: blocks as Block[], ...more });
  const nobody = { users: [], groups: [], broadcasts: [] };

  test('mentions, groups and broadcasts, in the text, in mrkdwn and in rich text', () => {
    const blocks = [
      section('<!channel> ask <@U2|bob> or <!subteam^S1>'),
      rich({
        type: 'rich_text_section',
        elements: [
          { type: 'user', user_id: 'U3' },
          { type: 'broadcast', range: 'here' },
        ],
      }),
    ];
    expect(message('<@U1>', blocks)).toEqual({
      users: ['U1', 'U2', 'U3'],
      groups: ['S1'],
      broadcasts: ['channel', 'here'],
    });
  });

  test('code is no shelter', () => {
    expect(message('`<!channel>`').broadcasts).toEqual(['channel']);
  });

  test('nobody: escaped text, plain text, preformatted rich text, and what only one person sees', () => {
    expect(message('&lt;!channel&gt; @channel &lt;@U1&gt;')).toEqual(nobody);
    expect(message('', [{ type: 'header', text: plain('<!channel>') }])).toEqual(nobody);
    const log = rich({ type: 'rich_text_preformatted', elements: [{ type: 'text', text: '<!channel> <@U1>' }] });
    expect(message('', [log])).toEqual(nobody);
    expect(message('<!channel>', [], { ephemeralFor: 'U1' })).toEqual(nobody);
    expect(message('@channel', [], { linkNames: true }).broadcasts).toEqual(['channel']);
  });
});

describe('mrkdwn as a person reads it', () => {
  const read = (text: string) => mrkdwnText(text, (id) => ({ U1: 'ann', C1: 'incidents' })[id] ?? id);

  test.each([
    ['*bold* _it_ ~no~ `co*d*e`', 'bold it no co*d*e'],
    ['2*3*4 snake_case_name', '2*3*4 snake_case_name'],
    ['*open and * never closed', '*open and * never closed'],
    ['<https://a.b/c?x=1&amp;y=2|the log>', 'the log (https://a.b/c?x=1&y=2)'],
    ['see https://a.b/c.', 'see https://a.b/c.'],
    ['<@U1> in <#C1> <!here>', '@ann in #incidents @here'],
    ['&lt;!channel&gt; &amp;lt;', '<!channel> &lt;'],
    ['<javascript:alert(1)|x>', 'x'],
    [':red_circle: 12:30:45 :nope:', '🔴 12:30:45 :nope:'],
    ['a\n&gt; q1\n> q2\nb', 'a\n> q1\n> q2\nb'],
    ['x ```\nline *1*\n<!channel>\n``` y', 'x \nline *1*\n<!channel>\n y'],
    ['<!date^0^{date_num} {time}|1 January>', '1 January'],
  ])('%s', (text, expected) => {
    expect(read(text)).toBe(expected);
  });
});
