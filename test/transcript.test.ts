// The conversation of the demo as the terminal shows it.

import { WebClient } from '@slack/web-api';
import { afterAll, expect, test } from 'vitest';
import { startSlack } from '../src/demo/slack/server.ts';
import { createTranscript } from '../src/demo/transcript.ts';
import { ANN, BOB, INCIDENTS, SECRETS } from './support/bolt-app.ts';

const said: string[] = [];
const transcript = createTranscript();
const slack = await startSlack({
  mode: 'socket',
  ...SECRETS,
  users: [ANN, BOB],
  channels: [INCIDENTS],
  commands: [],
  log: (entry) => void said.push(transcript(entry)),
});
afterAll(() => slack.stop());

test('what one person alone sees says who that is', async () => {
  const bot = new WebClient(SECRETS.botToken, { slackApiUrl: slack.apiUrl });
  await bot.chat.postMessage({ channel: INCIDENTS.id, text: 'for all' });
  await bot.chat.postMessage({ channel: ANN.id, text: 'in person' });
  await bot.chat.postEphemeral({ channel: INCIDENTS.id, user: BOB.id, text: 'in passing' });
  expect(said.map((line) => line.replace(/^\S+ /, ''))).toEqual([
    'loopbreaker\n  for all',
    'loopbreaker to ann alone\n  in person',
    'loopbreaker to bob alone\n  in passing',
  ]);
});
