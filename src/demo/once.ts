// Plays one incident from the command to "recovered": types, reads the card, asks for the plan, approves it, waits.
// What takes another turn ends it at once, with the words in which the bot says so.

import type { Message } from './slack/types.ts';
import { ANN, BOB, CHANNEL, type Demo } from './start.ts';

/** A rollout that dropped a variable: the right change is a rollback, and a wrong one would show. */
const POD = 'avatars';
const PATIENCE_MS = 50_000;

/** The incident went another way, or nothing came; the message is one sentence. */
class OtherTurn extends Error {}

/** True when the card said recovered; otherwise says why not. */
export async function playOnce(demo: Demo): Promise<boolean> {
  const started = Date.now();
  try {
    await play(demo, started + PATIENCE_MS);
  } catch (error) {
    if (!(error instanceof OtherTurn)) throw error;
    process.stderr.write(`loopbreaker: ${error.message}\n`);
    return false;
  }
  say(`From command to recovered in ${Math.round((Date.now() - started) / 1000)} s.`);
  return true;
}

async function play({ slack, onBotExit }: Demo, endMs: number): Promise<void> {
  let botIsGone = false;
  onBotExit(() => {
    botIsGone = true;
  });
  const all = (): Message[] => slack.messages(CHANNEL);
  const card = (): Message | undefined => all().find((m) => m.user === slack.bot.userId && !m.threadTs);
  const words = (m: Message | undefined): string => (m ? slack.lines(m).join(' ') : '');

  /** Waits for a message. A card that has changed and offers one of the `wrong` buttons says that it will not come. */
  const until = async (what: string, find: () => Message | undefined, wrong: RegExp): Promise<Message> => {
    const before = JSON.stringify(card()?.blocks);
    for (;;) {
      const found = find();
      if (found) return found;
      if (botIsGone) throw new OtherTurn('The bot stopped by itself; its last lines above say why.');
      const told = [ANN, BOB].flatMap((user) => slack.messages(CHANNEL, user)).find((m) => m.ephemeralFor);
      if (told) throw new OtherTurn(`The demo waited for ${what} and was told: ${words(told)}`);
      const shown = card();
      if (shown && buttonOf(shown, wrong) && JSON.stringify(shown.blocks) !== before)
        throw new OtherTurn(`The demo waited for ${what}; the card says: ${words(shown)}`);
      if (Date.now() > endMs)
        throw new OtherTurn(`The demo waited for ${what}, and it did not come in ${PATIENCE_MS / 1000} s.`);
      await new Promise((done) => setTimeout(done, 100));
    }
  };
  const press = async (user: string, message: Message, title: RegExp): Promise<void> => {
    const outcome = await slack.send.click(user, message, buttonOf(message, title) ?? '');
    if (!outcome.ok) throw new OtherTurn(`The bot did not take the click (${outcome.reason}).`);
  };

  say(`ann types: /crashloop ${POD}`);
  const typed = await slack.send.command(ANN, CHANNEL, `/crashloop ${POD}`);
  if (!typed.ok) throw new OtherTurn(`The bot did not take the command (${typed.reason}).`);
  const diagnosed = await until(
    'a card with a rollback',
    () => withButton(card(), /^Roll back/),
    /^(Try|Diagnose) again$/,
  );
  say('ann presses: Roll back…');
  await press(ANN, diagnosed, /^Roll back/);
  const plan = await until('the plan', () => all().find((m) => buttonOf(m, /^Approve$/)), /^(Try|Diagnose) again$/);
  say('bob reads the difference and presses: Approve');
  await press(BOB, plan, /^Approve$/);
  const saysRecovered = (m: Message | undefined): boolean => / recovered at /.test(words(m));
  const lastWord = (): Message | undefined =>
    all().find((m) => m.threadTs && saysRecovered(m) && saysRecovered(card()));
  await until('“recovered” on the card and in the thread', lastWord, /^Diagnose again$/);
}

function say(text: string): void {
  process.stdout.write(`\n${text}\n\n`);
}

function withButton(message: Message | undefined, title: RegExp): Message | undefined {
  return message && buttonOf(message, title) ? message : undefined;
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
