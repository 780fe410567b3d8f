// A real Bolt app beside a Slack double, in either mode: what a test of the double (or of the page) talks through.
// Retries are off, so that a refusal is seen and not papered over.

import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { App, LogLevel } from '@slack/bolt';
import { type Slack, type SlackOptions, startSlack } from '../../src/demo/slack/server.ts';

export const SECRETS = { signingSecret: 'shhh-signing', botToken: 'xoxb-test', appToken: 'xapp-test' };

export const ANN = { id: 'U0ANN', name: 'ann', realName: 'Ann Onymous' };
export const BOB = { id: 'U0BOB', name: 'bob', realName: 'Bob Builder' };
export const INCIDENTS = { id: 'C0INC', name: 'incidents' };

export type Bolt = { slack: Slack; app: App; stop(): Promise<void> };

/** Starts the double and an app in it; `listen` registers the app's handlers before it starts. */
export async function startBolt(
  mode: 'socket' | 'http',
  listen: (app: App) => void,
  more: Partial<SlackOptions> = {},
): Promise<Bolt> {
  const slack = await startSlack({
    mode,
    ...SECRETS,
    users: [ANN, BOB],
    channels: [INCIDENTS],
    commands: ['/crashloop'],
    ...more,
  });
  const app = createApp(mode, slack.apiUrl);
  listen(app);
  if (mode === 'socket') {
    await app.start();
  } else {
    const server = (await app.start({ port: 0, host: '127.0.0.1' })) as Server;
    slack.setAppUrl(`http://127.0.0.1:${(server.address() as AddressInfo).port}/slack/events`);
  }
  // Bolt asks who it is while it starts, and does not wait for the answer.
  await app.client.auth.test();
  return {
    slack,
    app,
    async stop() {
      // An HTTP app that a test has stopped already refuses to stop again.
      await app.stop().catch(() => {});
      await slack.stop();
    },
  };
}

function createApp(mode: 'socket' | 'http', slackApiUrl: string): App {
  const clientOptions = { slackApiUrl, timeout: 10_000, retryConfig: { retries: 0 }, rejectRateLimitedCalls: true };
  const common = { token: SECRETS.botToken, clientOptions, logLevel: LogLevel.ERROR };
  if (mode === 'http') return new App({ ...common, signingSecret: SECRETS.signingSecret });
  return new App({ ...common, appToken: SECRETS.appToken, socketMode: true });
}
