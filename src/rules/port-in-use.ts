// The port is taken: by a second container of the pod, by the node (hostNetwork), or by the program's own fork.

import type { ContainerCase } from '../core/case.ts';
import { casesOf } from '../core/case.ts';
import type { Evidence } from '../core/evidence.ts';
import { type Citation, cite, known } from '../core/fact.ts';
import type { LogHit } from '../core/log-signs.ts';
import { defineRule, EDIT_TEMPLATE } from '../core/rule.ts';
import { listens } from './reading/listens.ts';
import { citeLine, details, fromLog, linesAround, type Said } from './reading/said.ts';
import { IN_USE, portOfHit } from './vocabulary/bind.ts';

export default defineRule({
  id: 'port-in-use',
  title: 'The port is already in use',
  explains: ['crash-loop', 'unread'],
  causes: ['application-error', 'init-script-failed', 'config-malformed', 'probe-too-early', 'privileged-port-denied'],
  actions: ['rollback'],
  commands: [EDIT_TEMPLATE],
  byHand:
    'Give {container} another place to listen than {place|this one}, or stop what else has it. A socket that an earlier run left ({file}) has to be removed at the start.',
  judge: (evidence) =>
    fromLog(evidence, IN_USE, (hit, k) => {
      const socket = SOCKET.exec(hit.line.text)?.slice(1).find(Boolean);
      if (socket) return leftSocket(socket, k);
      const named = portOfHit(hit.groups);
      const near = named ? undefined : portNear(hit, k, evidence);
      const port = named || near?.port || '';
      const other = port === '' ? undefined : holder(port, k, evidence);
      const node = known(evidence.pod.hostNetwork) === true;
      const who = other
        ? `: the container ${other.name} of the same pod has it`
        : node
          ? ': with hostNetwork another program of the node may have it'
          : '';
      return {
        summary: `${k.container.name} cannot listen on ${port ? `port ${port}` : 'its port'}, which is already in use${who}`,
        detail: details({ port, place: port && `port ${port}`, otherContainer: other?.name }),
        more: [
          ...(near?.more ?? []),
          ...(other?.more ?? []),
          ...(node ? cite(evidence.pod.hostNetwork, 'hostNetwork true') : []),
        ],
      };
    }),
  doc: {
    looksAt: 'the last words of the program, the ports of the other containers of the pod, and hostNetwork',
    means:
      'All containers of a pod share one network, so two of them cannot listen on one port; with hostNetwork the whole node shares it.',
    fix: 'Move one of the two to another port. A program that forks and binds twice needs a correction of its own.',
    prevention:
      'Declare every port that a container of the pod listens on, {port|this one} included: a second use is then seen in review.',
    notThis: '"Permission denied" on bind is privileged-port-denied.',
  },
});

const SOCKET = /(?:\bunix:? ?(?:\/\/)?|["'])(\/[\w./@-]{2,200})|(\/[\w./@-]{2,200}\.sock)\b/;

/** A socket is a file: one that a killed run left behind is in use just as well, and stays so on a volume. */
function leftSocket(socket: string, k: ContainerCase): Said {
  return {
    strength: 'sign',
    summary: `${k.container.name} cannot listen on the socket ${socket}: another process has it, or an earlier run left the file`,
    detail: details({ place: `the socket ${socket}`, file: socket }),
  };
}

/** "Address already in use" without a port: the lines before it, or the source line of the traceback, name it. */
function portNear(hit: LogHit, k: ContainerCase, evidence: Evidence): { port: string; more: Citation[] } | undefined {
  const around = linesAround(k, hit.line.n, 40, 3).reverse();
  for (const line of around) {
    const match =
      /\b(?:port|listen\w*|bind\w*|serv\w*|start\w*)\b.{0,60}?[:\s=,('](?!98: Address|98\))(?<port>\d{2,5})\b(?!\.\d|:\d)/i.exec(
        line.text,
      ) ?? /["'](?:0\.0\.0\.0|127\.0\.0\.1|::|localhost)?["'],\s*(?<port>\d{2,5})\b/.exec(line.text);
    const port = match?.groups?.port;
    if (port && !/\.\w{1,4}", line/.test(line.text))
      return { port, more: line.n === hit.line.n ? [] : [citeLine(k, line)] };
  }
  const own = (known(k.container.ports) ?? []).map((p) => String(p.containerPort));
  const shared = own.find((port) => holder(port, k, evidence)) ?? (own.length === 1 ? own[0] : undefined);
  return shared ? { port: shared, more: cite(k.container.ports, `containerPort ${shared}`) } : undefined;
}

function holder(port: string, k: ContainerCase, evidence: Evidence): { name: string; more: Citation[] } | undefined {
  for (const other of casesOf(evidence)) {
    if (other.container.name === k.container.name || other.container.kind === 'init') continue;
    const declared = (known(other.container.ports) ?? []).some((p) => String(p.containerPort) === port);
    const says = listens(other).find((l) => String(l.port) === port);
    if (declared || says)
      return {
        name: other.container.name,
        more: [
          ...(declared ? cite(other.container.ports, `${other.container.name}: containerPort ${port}`) : []),
          ...(says ? [says.citation] : []),
        ],
      };
  }
  return undefined;
}
