// The bot as its own processes beside a cluster double that serves recordings, one channel of the Slack double for each:
// what somebody on call would type and press, and what they would then read.

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { startRole } from '../../src/demo/bot.ts';
import { startCluster } from '../../src/demo/cluster/cluster.ts';
import { demoAccess } from '../../src/demo/recordings.ts';
import { type SlackOptions, startSlack } from '../../src/demo/slack/server.ts';
import type { Message } from '../../src/demo/slack/types.ts';
import { botSettings, SLACK_SECRETS } from './bot-settings.ts';
import { freshRedis } from './redis.ts';

export const [ANN, BOB] = ['U0ANN', 'U0BOB'];
/** All worlds share one workspace, and Slack takes about fifty edits a minute from one app: the last of them wait. */
const PATIENCE_MS = 240_000;
const LOOK_EVERY_MS = 40;

export type Worlds = Awaited<ReturnType<typeof startWorlds>>;
export type Person = typeof ANN | typeof BOB;

/** `dirs` are folders of recordings; `settings` go over those of the bot. */
export async function startWorlds(
  dirs: string[],
  {
    settings = {},
    clockSpeed = 100,
    log,
  }: { settings?: { [name: string]: string }; clockSpeed?: number; log?: SlackOptions['log'] } = {},
) {
  const folder = await mkdtemp(join(tmpdir(), 'loopbreaker-worlds-'));
  const redis = await freshRedis();
  const cluster = await startCluster({ recordings: dirs, clockSpeed, access: { worker: demoAccess() } });
  const channels = dirs.map((dir, index) => ({ id: `C0WORLD${index}`, name: basename(dir) }));
  const slack = await startSlack({
    mode: 'socket',
    ...SLACK_SECRETS,
    commands: ['/crashloop'],
    users: [
      { id: ANN, name: 'ann' },
      { id: BOB, name: 'bob' },
    ],
    channels,
    rateLimits: false,
    ...(log ? { log } : {}),
  });
  const env = {
    ...(await botSettings({ folder, redisUrl: redis.url, cluster, slack })),
    LOOPBREAKER_CLUSTERS: 'demo=context:worker',
    LOOPBREAKER_READ: channels.map(({ id }) => `${id}=demo/*`).join('; '),
    LOOPBREAKER_APPROVERS: `${ANN},${BOB}`,
    ...settings,
  };
  const roles = await Promise.all([startRole('worker', env), startRole('gateway', env)]);

  return {
    slack,
    cluster,
    redis,
    env,
    async stop() {
      await Promise.all(roles.map((role) => role.stop()));
      await slack.stop();
      await cluster.stop();
      await redis.stop();
      await rm(folder, { recursive: true, force: true });
    },
    /** The incident of one recording, in its own channel. */
    async in(name: string) {
      const channel = channels.find((c) => c.name === name)?.id ?? '';
      const served = cluster.recordings.find((r) => r.name === name);
      const text = (message: Message): string => slack.lines(message).join('\n');
      const all = (user?: string): Message[] => slack.messages(channel, user);
      const said = (user?: string): string => all(user).map(text).join('\n---\n');
      const until = async (what: string, find: () => Message | undefined): Promise<Message> => {
        for (const end = Date.now() + PATIENCE_MS; Date.now() < end; ) {
          const found = find();
          if (found) return found;
          await new Promise((done) => setTimeout(done, LOOK_EVERY_MS));
        }
        throw new Error(`${name}: ${what} was not seen; the channel says:\n${said(ANN)}`);
      };
      const pressed = new Set<string>();
      return {
        workload: served?.workload ?? '',
        truth: JSON.parse(await readFile(join(dirs.find((d) => basename(d) === name) ?? '', 'truth.json'), 'utf8')) as {
          rootCause: string;
          alsoAccept?: string[];
        },
        text,
        all,
        card: (): string => text(all().find((m) => !isReply(m))!),
        cardSays: (pattern: RegExp) =>
          until(String(pattern), () => all().find((m) => !isReply(m) && pattern.test(text(m)))),
        /** The first message of the thread: the evidence. */
        thread: async (): Promise<string> => text(await until('a thread', () => all().find(isReply))),
        type: (words: string, user: Person = ANN) => slack.send.command(user, channel, words),
        /** Waits for a button in the newest message that has it, and presses it; in no message twice. */
        async press(title: RegExp, user: Person = ANN): Promise<void> {
          const isNew = (m: Message): boolean => !pressed.has(`${m.ts} ${title}`);
          const message = await until(`a button ${title}`, () => all().findLast((m) => isNew(m) && buttonOf(m, title)));
          pressed.add(`${message.ts} ${title}`);
          const { actionId, value } = buttonOf(message, title)!;
          await slack.send.click(user, message, actionId, value === undefined ? {} : { choice: value });
        },
        buttons: (): string[] =>
          all()
            .flatMap(buttonsOf)
            .map((b) => b.title),
      };
    },
  };
}

export interface Button {
  title: string;
  actionId: string;
  /** Set for the entry of a menu. */
  value?: string;
}

interface Element {
  type?: string;
  action_id?: string;
  text?: { text?: string };
  options?: { value?: string; text?: { text?: string } }[];
}

/** Everything that can be pressed or chosen in a message. */
export function buttonsOf(message: Message): Button[] {
  const elements = message.blocks.flatMap((block) => (block.elements ?? []) as Element[]);
  return elements.flatMap(({ type, action_id: actionId = '', text, options }) => {
    if (type === 'button') return [{ title: text?.text ?? '', actionId }];
    return (options ?? []).map((o) => ({ title: o.text?.text ?? '', actionId, value: o.value ?? '' }));
  });
}

const isReply = (message: Message): boolean => message.threadTs !== undefined && message.threadTs !== message.ts;

const buttonOf = (message: Message, title: RegExp): Button | undefined =>
  buttonsOf(message).find((b) => title.test(b.title));
