// Why an image cannot be had, as the kubelet says it: the waiting message and the Failed events, the newest first.

import type { ContainerCase } from '../../core/case.ts';
import type { CauseId } from '../../core/cause.ts';
import type { Evidence } from '../../core/evidence.ts';
import { type Citation, cite, known } from '../../core/fact.ts';
import { eachCase, holds, type Judgement } from '../../core/rule.ts';
import { pullCauseOf } from '../vocabulary/pull.ts';
import { details } from './said.ts';

export interface Pull {
  image: string;
  /** Host of the registry, `docker.io` when the name has none. */
  registry: string;
  message: string;
  /** Names of pull secrets that the kubelet could not read, "" when it says nothing of the kind. */
  missingSecrets: string;
  citations: Citation[];
}

/** One finding per container whose image cannot be had for this cause. */
export function fromPull(
  evidence: Evidence,
  cause: CauseId,
  summary: (pull: Pull, k: ContainerCase) => string,
): Judgement[] {
  return eachCase(evidence, ['image', 'waits', 'cannot-start', 'unread'], (k) => {
    const pull = pullOf(evidence, k, cause);
    if (!pull) return undefined;
    return holds(k, {
      // "does not exist or may require authorization": the registry itself leaves two causes open.
      strength:
        /does not exist or may require|insufficient_scope/i.test(pull.message) &&
        !/no basic auth credentials/.test(pull.message)
          ? 'sign'
          : 'proof',
      summary: summary(pull, k),
      evidence: [...pull.citations, ...cite(k.container.image, pull.image)],
      detail: details({
        container: k.container.name,
        image: pull.image,
        registry: pull.registry,
        pullPolicy: /pull policy of Never|ErrImageNeverPull/.test(pull.message) ? 'Never' : undefined,
      }),
    });
  });
}

/** The image is there, and what was in it could not be started. */
const OF_THE_PROGRAM = /containerd task|shim task|container process|container create failed|OCI runtime|CreateProcess/i;

/** A ConfigMap "registry-mirrors" that is missing is no image. */
function withoutNames(text: string): string {
  return text.replace(/\\?"[^"\\]{1,300}\\?"/g, '');
}

function pullOf(evidence: Evidence, k: ContainerCase, cause: CauseId): Pull | undefined {
  const state = known(k.container.state);
  const waiting = state?.is === 'waiting' ? `${state.reason}: ${state.message}` : '';
  const events = k.events
    .filter((e) => ['Failed', 'InspectFailed', 'ErrImageNeverPull', 'BackOff', 'FailedPull'].includes(e.reason))
    .reverse();
  const about = [
    ...(waiting ? [{ text: waiting, citation: cite(k.container.state, waiting, '.waiting.message') }] : []),
    ...events.map((e) => ({ text: e.message, citation: [{ source: 'event' as const, at: e.at, text: e.message }] })),
  ].filter(({ text }) => /pull|image|manifest|registry/i.test(withoutNames(text)) && !OF_THE_PROGRAM.test(text));
  const telling = about.map((a) => ({ ...a, sign: pullCauseOf(a.text) })).filter((a) => a.sign);
  // The newest telling words decide: a registry may have been unreachable once and answer "not found" now.
  if (telling[0]?.sign?.cause !== cause) return undefined;
  const image = known(k.container.image) ?? about.map((a) => /"([^"]+)"/.exec(a.text)?.[1]).find(Boolean) ?? '';
  const second = telling.find(
    (t) => t.sign?.cause === cause && t.citation[0]?.source !== telling[0]?.citation[0]?.source,
  );
  const unread = (known(evidence.events) ?? []).findLast((e) => e.reason === 'FailedToRetrieveImagePullSecret');
  return {
    image,
    registry: registryOf(image),
    message: telling[0].text,
    missingSecrets: /secrets? \(([^)]{1,300})\)/.exec(unread?.message ?? '')?.[1] ?? '',
    citations: [
      ...telling[0].citation,
      ...(second?.citation ?? []),
      ...(unread ? [{ source: 'event' as const, at: unread.at, text: unread.message }] : []),
    ],
  };
}

function registryOf(image: string): string {
  const first = image.split('/')[0] ?? '';
  return image.includes('/') && (/[.:]/.test(first) || first === 'localhost') ? first : 'docker.io';
}
