// Plays one incident from the command to "recovered": types, reads the card, asks for the plan, approves it, waits.

import type { Message } from './slack/types.ts';
import { ANN, BOB, CHANNEL, type Demo } from './start.ts';

/** A rollout that dropped a variable: the right change is a rollback, and a wrong one would show. */
const POD = 'avatars';
const PATIENCE_MS = 50_000;

/** True when the card said recovered. */
export async function playOnce({ slack }: Demo): Promise<boolean> {
  const started = Date.now();
  const remaining = (): number => PATIENCE_MS - (Date.now() - started);
  const say = (text: string): void => void process.stdout.write(`\n${text}\n\n`);
  const messages = (): Message[] => slack.messages(CHANNEL);
  const until = async (what: string, find: () => Message | undefined): Promise<Message> => {
    while (remaining() > 0) {
      const found = find();
      if (found) return found;
      await new Promise((done) => setTimeout(done, 100));
    }
    throw new Error(`The demo waited for ${what} and did not see it.`);
  };

  say(`ann types: /crashloop ${POD}`);
  await slack.send.command(ANN, CHANNEL, `/crashloop ${POD}`);
  const card = await until('the card with a remedy', () => messages().find((m) => buttonOf(m, /^Roll back/)));
  say('ann presses: Roll back…');
  await slack.send.click(ANN, card, buttonOf(card, /^Roll back/) ?? '');
  const plan = await until('the plan', () => messages().find((m) => buttonOf(m, /^Approve$/)));
  say('bob reads the difference and presses: Approve');
  await slack.send.click(BOB, plan, buttonOf(plan, /^Approve$/) ?? '');
  await until('“recovered” on the card', () =>
    messages().find((m) => m.ts === card.ts && /recovered at/.test(slack.lines(m).join('\n'))),
  );
  say(`From command to recovered in ${Math.round((Date.now() - started) / 1000)} s.`);
  return true;
}

/** Action id of the button with this title. */
function buttonOf(message: Message, title: RegExp): string | undefined {
  for (const block of message.blocks) {
    for (const element of (block.elements ?? []) as { type?: string; action_id?: string; text?: { text?: string } }[]) {
      if (element.type === 'button' && title.test(element.text?.text ?? '')) return element.action_id;
    }
  }
  return undefined;
}
