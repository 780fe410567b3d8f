// `/crashloop …`: who asks, what they may read from here, and what they ask for. The answer comes as a card, or at once
// where it is about the past or about the command itself.

import { covers, namespaceRefused, readScope } from './access.ts';
import type { At } from './carry-out.ts';
import { readCommand, USAGE } from './command.ts';
import type { Gesture } from './gesture.ts';
import { historyMessage } from './history.ts';
import { mrkdwn } from './mrkdwn.ts';
import { tell, tellFormatted } from './tell.ts';

export async function answerCommand(
  { id, user, userTeam, channel, text }: Extract<Gesture, { is: 'command' }>,
  { client, teamId, ports, respond }: At,
): Promise<void> {
  if (userTeam !== teamId) return tell(respond, 'Only members of this workspace may use Loopbreaker.');
  const scope = await readScope(client, ports.policy(), { user, channel, teamId });
  if (!scope.allowed) return tell(respond, scope.sentence);
  const parsed = readCommand(text, { clusters: [...scope.value.keys()] });
  if (parsed.is === 'help') return tellFormatted(respond, USAGE);
  if (parsed.is === 'wrong') return tellFormatted(respond, `${mrkdwn(parsed.sentence)}\n${USAGE}`);
  if (parsed.is === 'history') {
    const { cluster, namespace } = parsed.ask;
    const asked = cluster === '' ? [...scope.value.keys()] : [cluster];
    if (namespace !== '' && !asked.some((alias) => covers(scope.value, alias, [namespace])))
      return tell(respond, namespaceRefused(ports.policy()));
    const answers = await ports.history(parsed.ask, scope.value);
    await respond({ response_type: 'ephemeral', replace_original: false, ...historyMessage(answers, parsed.ask) });
    return;
  }
  const allowedNamespaces = scope.value.get(parsed.wanted.cluster) ?? [];
  if (parsed.wanted.namespace !== '' && !covers(scope.value, parsed.wanted.cluster, [parsed.wanted.namespace]))
    return tell(respond, namespaceRefused(ports.policy()));
  await ports.ask({
    wanted: { ...parsed.wanted, allowedNamespaces },
    place: { teamId, channel },
    by: { kind: 'user', id: user },
    deliveryId: id,
    said: text.slice(0, 600),
  });
}
