// The container runtime cannot make the sandbox or the container, for a reason of its own.

import type { ContainerCase } from '../core/case.ts';
import type { Evidence } from '../core/evidence.ts';
import { type Citation, known } from '../core/fact.ts';
import { defineRule, eachCase, type Holds, holds, type Judgement, undecided } from '../core/rule.ts';
import { isCutOff } from './reading/cut-off.ts';
import { inBrief } from './reading/in-brief.ts';
import { fromPull } from './reading/pull.ts';
import { details } from './reading/said.ts';
import { startError } from './reading/start-error.ts';

const WHERE = ['cannot-start', 'waits', 'crash-loop'] as const;

export default defineRule({
  id: 'container-runtime-fault',
  title: 'The container runtime is at fault',
  explains: [...WHERE, 'image'],
  actions: ['move-off-node'],
  byHand: 'Look at the runtime of the node {node|of the pod}: its log names what it could not do.',
  judge: (evidence) => [
    ...eachCase(evidence, WHERE, (k) => judge(evidence, k)),
    ...fromPull(
      evidence,
      'container-runtime-fault',
      ({ image, message }) => `the image ${image} was pulled and cannot be unpacked: ${lastOf(message)}`,
    ),
  ],
  doc: {
    looksAt:
      "the runtime's words in events and in the container's state, without those that are about the image, its command, mounts, memory or network",
    means: 'containerd, CRI-O or runc on this node could not do its part. Pods on other nodes are not touched.',
    fix: 'Restart or repair the runtime of the node, or move the pod to another node.',
    prevention: 'Watch kubelet and runtime of each node; a runtime that hangs shows as "PLEG is not healthy" first.',
    notThis:
      'A command that cannot be run, a mount that cannot be made, a network that cannot be set up (cni-failure): there the runtime only brings the news.',
  },
});

const FAULT =
  /failed to (?:create|start|get|reserve|run|stop|remove|setup|generate) (?:containerd task|shim(?: task)?|sandbox(?: image| container| name)?|container name|pod sandbox|new container)|(?:containerd|crio|docker|cri-dockerd)\.sock|name "[^"]{1,200}" is reserved|no runtime for "[^"]{1,60}" is configured|RuntimeHandler "[^"]{1,60}" not supported|failed to get sandbox image|unable to apply cgroup configuration|cgroups?: .{0,40}(?:cannot|not found|no such)|procReady not received|error during container init|PLEG is not healthy|runtime is (?:down|not ready)|shim (?:exited|died|reaped)|ttrpc: closed|grpc: the client connection is closing|context deadline exceeded|dbus|systemd.{0,40}(?:timeout|failed|connection)|failed to (?:create|prepare) (?:\w+ )?snapshot|creating read-write layer|exit status 255: unknown|bootstrap process|failed to mount rootfs|snapshotter|content digest .{0,80} not found|input\/output error/i;
// What the runtime only reports; each has a cause of its own.
const OTHERS =
  /exec: ?\\?"|executable file|exec format|permission denied|no such file or directory|not a directory|is a directory|OOM-?killed|memory limit too low|network for sandbox|\bcni\b|CNI|plugin type=|NetworkPlugin|IPAM|failed to (?:set ?up|assign).{0,20}(?:network|IP)|no users found|unable to find user|no matching entries in passwd|runAsNonRoot|apparmor|seccomp|selinux|sysctl|nvidia|no space left|resource temporarily unavailable|too many open files|mount|not found|configmap|secret|hostPath|rootfs/i;

function judge(evidence: Evidence, k: ContainerCase): Judgement | undefined {
  if (k.symptom === 'crash-loop' && k.ending !== 'start-failed') return undefined;
  const said = startError(evidence, k) ?? sandbox(evidence, k);
  if (!said) return undefined;
  const node = known(evidence.pod.nodeName);
  const isWhole = !isCutOff(said.text);
  if (isWhole && !OTHERS.test(rootWords(said.text)) && FAULT.test(said.text))
    return finding(k, node, said.text, said.citations);
  if (
    /RuntimeHandler|no runtime for|failed to get sandbox image|is reserved|input\/output error|procReady|ttrpc|\.sock|failed to (?:create|prepare) (?:\w+ )?snapshot|error creating overlay mount|snapshotter \S+ was not found|failed to mount overlay|creating read-write layer/i.test(
      said.text,
    ) &&
    !/exec: ?\\?"/.test(said.text)
  )
    return finding(k, node, said.text, said.citations);
  if (k.symptom !== 'cannot-start') return undefined;
  if (!isWhole)
    return undecided(
      k,
      'How do the words of the runtime go on? They are cut off; kubectl get events -o wide has them whole.',
    );
  return undecided(
    k,
    `What did the runtime meet? On the node (privileged): kubectl debug node/${node ?? 'NODE'} -it --image=busybox -- chroot /host journalctl -u containerd -u crio -u kubelet --since -15m`,
  );
}

/** The words behind the runtime's own chain of "failed to create …:". */
function rootWords(text: string): string {
  return text.replace(
    /failed to (?:create|start) (?:containerd task|shim task|sandbox|pod sandbox|container)[^:]{0,40}:/gi,
    '',
  );
}

function sandbox(evidence: Evidence, k: ContainerCase): { text: string; citations: Citation[] } | undefined {
  if (k.symptom !== 'waits') return undefined;
  const event = (known(evidence.events) ?? []).findLast((e) =>
    /FailedCreatePodSandBox|FailedCreatePodContainer|FailedKillPod|FailedPodSandBoxStatus|ContainerRuntimeUnhealthy/.test(
      e.reason,
    ),
  );
  return (
    event && { text: event.message, citations: [{ source: 'event', at: event.at, text: event.message.slice(0, 500) }] }
  );
}

function finding(k: ContainerCase, node: string | undefined, text: string, citations: Citation[]): Holds {
  return holds(k, {
    strength: 'proof',
    summary: `the container runtime${node ? ` of node ${node}` : ''} cannot make ${k.container.name || 'the container'}: ${lastOf(text)}`,
    evidence: citations,
    detail: details({ container: k.container.name, node }),
  });
}

function lastOf(text: string): string {
  const own = text.replace(/^.*rpc error: code = \w+ desc = /s, '');
  return inBrief(own.split(': ').slice(-3).join(': ').trim());
}
