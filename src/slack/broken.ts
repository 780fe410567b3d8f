// The one message about what was broken already when a cluster was first watched.

import { type BrokenList, type BrokenWorkload, brokenWorkloads } from '../core/watch/broken.ts';
import { context, type Message, message, section } from './blocks.ts';
import { bold, code, mrkdwn } from './mrkdwn.ts';

const LISTED = 20;

export function brokenMessage({ cluster, at, rows }: BrokenList): Message {
  const found = brokenWorkloads(rows);
  const count = found.length;
  const things = count === 1 ? '1 workload was' : `${count} workloads were`;
  const line = `⚪ ${things} broken already when I began to watch _${mrkdwn(cluster, 80)}_`;
  const more =
    count > LISTED ? [`and ${count - LISTED} more: ${code('/crashloop')} lists what is crash looping now`] : [];
  return message(line, [
    ...section([line]),
    ...section(linesOf(found.slice(0, LISTED))),
    ...context(
      ...more,
      `Seen ${at.slice(0, 16).replace('T', ' ')} UTC. From here on only what breaks anew gets a card. Ask for one of these: ${code('/crashloop NAME')}`,
    ),
  ]);
}

/**
 * Under the name of each namespace, so that a line fits a phone; what is broken most comes first, and its namespace. A
 * namespace of one workload needs no line of its own.
 */
function linesOf(found: BrokenWorkload[]): string[] {
  const spaces = [...new Set(found.map(({ namespace }) => namespace))];
  return spaces.flatMap((space) => {
    const its = found.filter(({ namespace }) => namespace === space);
    if (its.length === 1) return its.map((one) => workloadLine(one, ` in ${code(space, 80)}`));
    return [code(space, 80), ...its.map((one) => workloadLine(one))];
  });
}

function workloadLine({ name, reasons, restarts, count }: BrokenWorkload, place = ''): string {
  const said = [
    reasons
      .slice(0, 3)
      .map((reason) => mrkdwn(reason, 60))
      .join(', '),
    restarts > 0 && `${restarts} ${restarts === 1 ? 'restart' : 'restarts'}`,
    count > 1 && `${count} times`,
  ].filter(Boolean);
  return `• ${bold(name, 120)}${place} ${said.join(', ')}`;
}
