// What the page may ask for, checked at the door: every gesture names the person who makes it, and that must be one of
// the people whom this page may be.

import { z } from 'zod';

const text = z.string().max(8_000);
const name = z.string().min(1).max(300);
const choice = z.union([text, z.array(text).max(100)]).optional();
const message = { channel: name, ts: name };

const actSchema = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('command'), as: name, channel: name, text, threadTs: name.optional() }),
  z.strictObject({ do: z.literal('say'), as: name, channel: name, text, threadTs: name.optional() }),
  z.strictObject({ do: z.literal('click'), as: name, ...message, actionId: name, blockId: name.optional(), choice }),
  z.strictObject({ do: z.literal('shortcut'), as: name, ...message, callbackId: name }),
  z.strictObject({ do: z.literal('clickInView'), as: name, view: name, actionId: name, choice }),
  z.strictObject({ do: z.literal('submitView'), as: name, view: name, entries: z.record(name, choice) }),
  z.strictObject({ do: z.literal('closeView'), as: name, view: name }),
]);

export type Act = z.infer<typeof actSchema>;

/** The act, or in one sentence why it is none. */
export function parseAct(body: string | undefined, people: string[]): Act | string {
  let json: unknown;
  try {
    json = JSON.parse(body ?? '');
  } catch {
    return 'The request is not JSON.';
  }
  const parsed = actSchema.safeParse(json);
  if (!parsed.success) return `The request does not say what to do: ${z.prettifyError(parsed.error)}`;
  return people.includes(parsed.data.as) ? parsed.data : `The page may not act as ${parsed.data.as}.`;
}
