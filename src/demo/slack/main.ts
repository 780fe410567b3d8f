// The Slack double as a process of its own. Its settings are one JSON document (SlackOptions without functions) as the
// first argument or on stdin; it prints one JSON line when it is ready, and ends on SIGTERM or when the channel to the
// process that forked it closes.

import { text } from 'node:stream/consumers';
import { type SlackOptions, startSlack } from './server.ts';

const settings = process.argv[2] ?? (await text(process.stdin));
const slack = await startSlack(JSON.parse(settings) as SlackOptions);
const { apiUrl, pageUrl, token } = slack;
process.stdout.write(`${JSON.stringify({ apiUrl, pageUrl, token })}\n`);

const stop = () => {
  slack.stop().then(() => process.exit(0));
};
process.once('SIGTERM', stop);
process.once('SIGINT', stop);
process.once('disconnect', stop);
