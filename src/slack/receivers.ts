// How Slack reaches us: a connection that we open and take up again for as long as that takes, or signed requests.

import { HTTPReceiver, type Receiver, SocketModeReceiver } from '@slack/bolt';
import type { SlackSettings } from './app.ts';
import type { Ports } from './ports.ts';

/** The usual client gives up and ends the process. */
const PATIENT = { timeout: 10_000, retryConfig: { retries: 1_000_000, factor: 1.5, maxTimeout: 30_000 } };

export function receiverFor(settings: SlackSettings, ports: Pick<Ports, 'boltLogger'>): Receiver {
  return settings.mode === 'socket' ? socketReceiver(settings, ports) : httpReceiver(settings, ports);
}

function socketReceiver(settings: SlackSettings, { boltLogger }: Pick<Ports, 'boltLogger'>): Receiver {
  return new SocketModeReceiver({
    appToken: settings.appToken,
    logger: boltLogger,
    installerOptions: { clientOptions: { ...PATIENT, slackApiUrl: settings.apiUrl } },
  });
}

/** Bolt refuses what is older than five minutes. What is dated ahead of us could be sent again for as long, so that goes too. */
function httpReceiver(settings: SlackSettings, { boltLogger }: Pick<Ports, 'boltLogger'>): Receiver {
  const receiver = new HTTPReceiver({ signingSecret: settings.signingSecret, logger: boltLogger });
  const listen = receiver.requestListener;
  receiver.requestListener = (request, response) => {
    const seconds = Number(request.headers['x-slack-request-timestamp'] ?? 0);
    if (seconds * 1_000 <= Date.now() + MOST_AHEAD_MS) return listen(request, response);
    boltLogger.warn(
      'a request is dated more than five minutes ahead of this clock; set the clock, if it is from Slack',
    );
    response.writeHead(401).end();
  };
  return receiver;
}

const MOST_AHEAD_MS = 5 * 60_000;
