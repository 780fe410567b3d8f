// Something that the host must bring is missing: a driver, a kernel module, a package, a device.

import type { ContainerCase } from '../core/case.ts';
import type { Evidence } from '../core/evidence.ts';
import { cite, known } from '../core/fact.ts';
import { logHits, signIn, strengthOf } from '../core/log-signs.ts';
import { defineRule, eachCase, type Holds, holds, holdsForPod } from '../core/rule.ts';
import { inBrief } from './reading/in-brief.ts';
import { details, SPOKEN } from './reading/said.ts';
import { startError } from './reading/start-error.ts';
import { NODE_LACKS } from './vocabulary/node-lacks.ts';

const WHERE = [...SPOKEN, 'cannot-start', 'waits'] as const;

export default defineRule({
  id: 'node-prerequisite-missing',
  title: 'The node lacks something',
  explains: WHERE,
  causes: [
    'application-error',
    'init-script-failed',
    'file-missing',
    'container-runtime-fault',
    'command-not-found',
    'volume-mount-failed',
    'library-missing',
    'illegal-instruction',
  ],
  actions: ['move-off-node'],
  byHand: 'Install it on the node {node|of the pod} (driver, module, package or device), or choose nodes that have it.',
  judge: (evidence) => {
    const device = byKubelet(evidence);
    return device ? [device] : eachCase(evidence, WHERE, (k) => byRuntime(evidence, k) ?? byLog(evidence, k));
  },
  doc: {
    looksAt: "the words of drivers, modprobe, mount helpers and devices, in the log and in the runtime's errors",
    means: 'The image cannot bring this itself: it belongs to the host.',
    fix: 'Add it to the node image, or keep the pod on nodes that have it (nodeSelector, device plugin).',
    prevention:
      'Label the nodes that have it and select them; new nodes like {node|this one} then cannot be chosen by accident.',
    notThis: 'A file or library that is missing in the image (file-missing, library-missing).',
  },
});

/** The kubelet's own admission: a device plugin cannot give what the scheduler counted on. */
function byKubelet(evidence: Evidence): Holds | undefined {
  const message = known(evidence.pod.message) ?? '';
  const what = /Allocate failed due to (.{1,200}?), which is unexpected/.exec(message)?.[1];
  const node = known(evidence.pod.nodeName);
  if (known(evidence.pod.reason) !== 'UnexpectedAdmissionError' || !what) return undefined;
  return holdsForPod({
    strength: 'proof',
    summary: `${node ? `Node ${node}` : 'The node'} cannot give the devices that the pod asks for: ${what}`,
    evidence: [...cite(evidence.pod.message, `UnexpectedAdmissionError: ${message}`)],
    detail: details({ node, what }),
  });
}

function byRuntime(evidence: Evidence, k: ContainerCase): Holds | undefined {
  const error = startError(evidence, k);
  const mount = (known(evidence.events) ?? []).findLast((e) =>
    /FailedMount|FailedMapVolume|FailedCreatePodSandBox/.test(e.reason),
  );
  const said =
    error ??
    (mount && k.symptom === 'waits'
      ? {
          text: mount.message,
          citations: [{ source: 'event' as const, at: mount.at, text: mount.message.slice(0, 500) }],
        }
      : undefined);
  const match = said && signIn(said.text, NODE_LACKS);
  return said && match ? finding(evidence, k, match.groups.what ?? '', 'proof', said.citations) : undefined;
}

function byLog(evidence: Evidence, k: ContainerCase): Holds | undefined {
  if (!SPOKEN.includes(k.symptom)) return undefined;
  const hit = logHits(k, NODE_LACKS).find((h) => h.position !== 'earlier');
  return hit && finding(evidence, k, hit.groups.what ?? '', strengthOf(hit, k), [hit.citation]);
}

function finding(
  evidence: Evidence,
  k: ContainerCase,
  what: string,
  strength: 'proof' | 'sign',
  citations: Holds['evidence'],
): Holds {
  const node = known(evidence.pod.nodeName);
  return holds(k, {
    strength,
    summary: `${node ? `Node ${node}` : 'The node'} lacks what ${k.container.name} needs: ${inBrief(what)}`,
    evidence: citations,
    detail: details({ container: k.container.name, node, what: what.trim().slice(0, 120) }),
  });
}
