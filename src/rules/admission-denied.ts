// PodSecurity, a policy engine or the kubelet's own admission rejects the pod.

import type { Evidence } from '../core/evidence.ts';
import { known } from '../core/fact.ts';
import { signTable } from '../core/log-signs.ts';
import { defineRule, type Judgement } from '../core/rule.ts';
import { eventSaying, type Statement, saying } from './reading/events.ts';
import { holdUp, refusalCounts } from './reading/held-up.ts';
import { inBrief } from './reading/in-brief.ts';
import { details, fromLog } from './reading/said.ts';

const BY_POLICY =
  /violates PodSecurity "?(?<profile>[\w:-]+)"?: (?<why>.+)$|admission webhook "(?<webhook>[^"]+)" denied the request: ?(?<why2>[\s\S]+)$|unable to validate against any (?:pod security policy|security context constraint)(?:: (?<why3>[\s\S]+))?|ValidatingAdmissionPolicy '?(?<policy>[^' ]+)'?.{0,80} denied request: (?<why4>.+)$/;
const DENIED = new RegExp(
  `${BY_POLICY.source}|is forbidden: (?<why5>(?:PodSecurityPolicy|pod does not have|node selector|priority class|no PriorityClass|Pod Security|spec\\.|autoscaling|pod rejected: |unable to create new content|pods? .{0,60}not allowed).+)$|no PriorityClass with name (?<priority>\\S+) was found|is invalid: (?<why6>spec\\.[\\s\\S]+)$`,
);

/** Devices that a plugin cannot give are the node's. */
const DEVICES = /Allocate failed|devices? unavailable|device plugin/i;

export default defineRule({
  id: 'admission-denied',
  title: 'A policy rejects the pod',
  explains: ['waits', 'unread', 'crash-loop'],
  causes: ['none', 'readiness-probe-failing', 'application-error', 'init-script-failed'],
  actions: ['fix-security-context', 'rollback'],
  byHand: 'Change the template so that {policy} allows it: {why}.',
  judge: (evidence) => {
    const strength = refusalCounts(evidence);
    const said = strength && (saying(evidence, DENIED) ?? kubeletRefusal());
    if (!said || /exceeded quota|service account/.test(said.first.text)) return byPrograms(evidence);
    const { by, why } = refusal(said.first.groups, said.first.text);
    return holdUp(evidence, {
      workload: true,
      strength,
      summary: `${by} rejects the pod: ${why}`,
      evidence: said.citations,
      detail: details({ policy: by, why }),
    });

    /** The kubelet refuses a pod that the scheduler placed: AppArmor, out of pods, unsupported feature. */
    function kubeletRefusal() {
      const refused = known(evidence.pod.reason);
      if (
        !refused ||
        !/AppArmor|PodFeatureNotSupported|UnexpectedAdmissionError|InvalidPodSpec/.test(refused) ||
        DEVICES.test(known(evidence.pod.message) ?? '')
      )
        return undefined;
      const first = eventSaying(evidence, /(?<why5>[\s\S]+)/, [refused]);
      return first && { first, citations: [first.citation] };
    }
  },
  doc: {
    looksAt: 'the FailedCreate events and conditions of the workload',
    means:
      'The pod breaks a rule of the namespace or cluster, so the API server refuses to make it. The rule names the fields.',
    fix: 'Change the fields that the refusal names, or have the namespace exempted by who owns the policy.',
    prevention:
      'Check manifests against the same policies in the pipeline, so that {policy|every policy of the cluster} is met before the rollout.',
    notThis:
      'A webhook that does not answer is webhook-unavailable; quotas and missing service accounts have ids of their own.',
  },
});

/** Who refuses, and why. */
function refusal(g: Statement['groups'], text: string): { by: string; why: string } {
  const by = g.profile
    ? `PodSecurity ${g.profile}`
    : g.webhook
      ? `the webhook ${g.webhook}`
      : g.policy
        ? `the policy ${g.policy}`
        : 'admission';
  return { by, why: inBrief((g.why ?? g.why2 ?? g.why3 ?? g.why4 ?? g.why5 ?? g.why6 ?? text).trim(), 240) };
}

const TOLD = signTable([{ who: 'the API server, quoted by programs that make pods', pattern: BY_POLICY }]);

/** Operators and runners make pods of their own, and print why they may not. */
function byPrograms(evidence: Evidence): Judgement[] {
  return fromLog(evidence, TOLD, ({ groups, line }, k) => {
    const { by, why } = refusal(groups, line.text);
    return { summary: `${by} rejects what ${k.container.name} makes: ${why}`, detail: details({ policy: by, why }) };
  });
}
