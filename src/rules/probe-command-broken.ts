// An exec probe's command is missing from the image or wrong in itself. Some kubelets only warn about it and never
// restart, others count it as failure.

import { known } from '../core/fact.ts';
import { defineRule, eachCase, holds } from '../core/rule.ts';
import { probeFailures } from './reading/probe-failures.ts';
import { citeKill, citeProbe } from './reading/probe-findings.ts';

const MISSING =
  /exec: \\?"(?<command>[^"\\]{1,300})\\?"|(?:^|[\s:])(?<command2>[\w./-]{1,300}): (?:command )?not found|can't open '?(?<command3>[^\s']{1,300}\.sh)|(?<command4>[\w./-]{1,300}): (?:No such file or directory|[Pp]ermission denied)/;

export default defineRule({
  id: 'probe-command-broken',
  title: "The probe's command cannot run",
  explains: ['crash-loop', 'not-ready', 'healthy', 'unread'],
  causes: [
    'probe-too-early',
    'terminated-by-signal',
    'entrypoint-completes',
    'probe-endpoint-failing',
    'readiness-probe-failing',
  ],
  actions: ['fix-probe', 'rollback'],
  byHand:
    'Let the {probe|failing} probe of {container} use a command that the image has, or httpGet or tcpSocket instead of {command|this one}.',
  judge: (evidence) =>
    eachCase(evidence, ['crash-loop', 'not-ready', 'healthy', 'unread'], (k) => {
      const newest = probeFailures(k)[0];
      const f = probeFailures(k).find((p) => p.kind === 'command-missing');
      if (!f || newest?.kind !== 'command-missing') return undefined;
      if (k.symptom === 'crash-loop' && k.ending !== 'probe-killed' && k.ending !== 'signalled') return undefined;
      const g = MISSING.exec(f.words)?.groups;
      const command = g?.command ?? g?.command2 ?? g?.command3 ?? g?.command4 ?? known(f.spec)?.command?.[0] ?? '';
      const harm = k.ending === 'probe-killed' ? ', and restarts it' : ': the probe protects nothing';
      return holds(k, {
        strength: 'proof',
        summary: `the ${f.probe} probe of ${k.container.name} cannot run ${command || 'its command'}${harm}`,
        evidence: [f.citation, ...citeProbe(f), ...citeKill(k)],
        detail: { container: k.container.name, probe: f.probe, ...(command ? { command } : {}) },
      });
    }),
  doc: {
    looksAt: "the kubelet's words about the exec probe and the command in its specification",
    means:
      'The command of the probe is not in the image, not executable or mistyped, so the probe never says anything about the program.',
    fix: 'Use a command that the image has, or an httpGet, tcpSocket or grpc probe, which need nothing in the image.',
    prevention:
      'Run {command|the probe} once in the image in the pipeline; slim images lose curl, wget and bash first.',
    notThis: 'A command that runs and says no is probe-endpoint-failing; one that is too slow is probe-timeout.',
  },
});
