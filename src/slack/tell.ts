// An answer that only the person who asked can see.

import type { RespondFn } from '@slack/bolt';
import { withMentions } from './mrkdwn.ts';

export async function tell(respond: RespondFn, sentence: string): Promise<void> {
  await respond({ response_type: 'ephemeral', replace_original: false, text: withMentions(sentence) });
}

/** The same for a text of our own that carries markup, such as the usage. */
export async function tellFormatted(respond: RespondFn, text: string): Promise<void> {
  await respond({ response_type: 'ephemeral', replace_original: false, text });
}
