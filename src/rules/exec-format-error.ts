// The kernel refuses the file as no program for this machine: another architecture, or a script without a first line.

import type { ContainerCase } from '../core/case.ts';
import type { Evidence } from '../core/evidence.ts';
import { type Citation, cite, known } from '../core/fact.ts';
import { logHits, strengthOf } from '../core/log-signs.ts';
import { defineRule, eachCase, type Holds, holds } from '../core/rule.ts';
import { details } from './reading/said.ts';
import { commandCitation, startError } from './reading/start-error.ts';
import { BAD_FORMAT } from './vocabulary/interpreters.ts';

const WHERE = ['crash-loop', 'cannot-start', 'unread'] as const;

export default defineRule({
  id: 'exec-format-error',
  title: 'Not a program for this machine',
  explains: WHERE,
  causes: [
    'application-error',
    'init-script-failed',
    'command-not-found',
    'command-not-executable',
    'container-runtime-fault',
  ],
  actions: ['rollback'],
  commands: [['See which nodes have which architecture', 'get nodes -L kubernetes.io/arch']],
  byHand:
    'Build the image for {architecture|the architecture of the node} (or as a multi-platform image), or run the pod on nodes of the architecture it was built for. A script needs a first line that names its interpreter (#!).',
  judge: (evidence) => eachCase(evidence, WHERE, (k) => byRuntime(evidence, k) ?? byLog(evidence, k)),
  doc: {
    looksAt: 'the words "exec format error", the architecture of the node and the name of the file',
    means:
      'The file is no program for the processor of this node, or a script whose first line does not begin with #!.',
    fix: 'Build for the architecture of the node or choose nodes that fit; give a script its first line.',
    prevention:
      'Build {image|the image} for every architecture the cluster has (docker buildx --platform), {architecture|that of this node} included; or pin the pod with nodeSelector kubernetes.io/arch.',
    notThis:
      'A missing interpreter ("no such file or directory"), or a missing library of a program that fits the machine.',
  },
});

function byRuntime(evidence: Evidence, k: ContainerCase): Holds | undefined {
  const error = startError(evidence, k);
  if (!error || !/exec format error/i.test(error.text)) return undefined;
  const command = /exec:? \\?"?(\/?[^\s"\\:]+)\\?"?: /.exec(error.text)?.[1] ?? '';
  return finding(evidence, k, command, 'proof', error.citations);
}

function byLog(evidence: Evidence, k: ContainerCase): Holds | undefined {
  const hit = logHits(k, BAD_FORMAT)[0];
  return hit && finding(evidence, k, hit.groups.command ?? '', strengthOf(hit, k), [hit.citation]);
}

function finding(
  evidence: Evidence,
  k: ContainerCase,
  command: string,
  strength: 'proof' | 'sign',
  said: Citation[],
): Holds {
  const node = known(evidence.node);
  const image = known(k.container.image) ?? '';
  const architecture = node?.architecture ?? '';
  const script = /\.(?:sh|bash|py|rb|pl)$/.test(command);
  const built = /arm64|aarch64|armv\d|amd64|x86[_-]64|s390x|ppc64le|riscv64/i.exec(image)?.[0];
  const machine = [
    architecture ? `the node is ${architecture}` : '',
    built ? `the image's name says ${built}` : '',
  ].filter(Boolean);
  const told = machine.length > 0 ? ` (${machine.join(', ')})` : '';
  const why =
    machine.length > 1 && !script
      ? machine.join(', and ')
      : `${script ? 'the image' : 'it'} was built for another architecture${told}, or the script has no first line that names its interpreter (#!)`;
  return holds(k, {
    strength,
    summary: `${command || 'What the container starts'} is no program for this machine: ${why}`,
    evidence: [
      ...said,
      ...(architecture
        ? cite(evidence.node, `node ${node?.name} is ${architecture}`, ':status.nodeInfo.architecture')
        : []),
      ...cite(k.container.image, image),
      ...commandCitation(k),
    ],
    detail: details({ container: k.container.name, command, image, architecture }),
  });
}
