// What was taken for a log because nothing else claimed it, and is none: rests of kubectl's tables, and people's sentences.

import { type Draft, UNREADABLE } from './draft.ts';
import { withoutSpeech } from './spoken.ts';

/** Answers whether something was left out that may have told of a pod. */
export function dropOthers(draft: Draft): boolean {
  const logs = draft.logs.filter((log) => !log.torn);
  const wasTorn = logs.length < draft.logs.length;
  if (wasTorn) draft.unread.push({ at: 'pasted text', why: UNREADABLE });
  const beside = draft.objects.length + draft.events.length + draft.glimpses.length > 0;
  draft.logs = logs.flatMap((log) => {
    const lines = log.whole ? log.lines : withoutSpeech(log.lines, beside && !log.asked);
    return lines.length > 0 || log.lines.length === 0 ? [{ ...log, lines }] : [];
  });
  return wasTorn;
}
