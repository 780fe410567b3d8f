// The program binds 127.0.0.1 only: inside the pod it works, for the kubelet and for Services nobody is there.

import { defineRule, eachCase } from '../core/rule.ts';
import { listens } from './reading/listens.ts';
import { citeProbe, notListening, PROBED, probeDetail, probeFailures, probeHolds } from './reading/probe-failures.ts';

export default defineRule({
  id: 'listens-on-localhost',
  title: 'The program listens on 127.0.0.1 only',
  explains: PROBED,
  causes: [
    'probe-wrong-port',
    'probe-too-early',
    'probe-timeout',
    'terminated-by-signal',
    'entrypoint-completes',
    'readiness-probe-failing',
  ],
  actions: ['rollback'],
  byHand: 'Let {container} listen on 0.0.0.0 instead of 127.0.0.1 (flag, HOST or bind setting).',
  judge: (evidence) =>
    eachCase(evidence, PROBED, (k) => {
      const f =
        notListening(k) ?? (k.symptom === 'not-ready' ? probeFailures(k).find((p) => p.kind === 'refused') : undefined);
      const open = listens(k);
      const local = open.find((l) => l.on === 'loopback' && (l.port === f?.port || f?.port === undefined));
      if (!f || !local || open.some((l) => l.port === f.port && l.on !== 'loopback')) return undefined;
      return probeHolds(k, f, {
        strength: 'proof',
        summary: `${k.container.name} listens on 127.0.0.1:${local.port} only, so the ${f.probe} probe is refused at the pod's address`,
        evidence: [local.citation, f.citation, ...citeProbe(f)],
        detail: { ...probeDetail(k, f), listenPort: String(local.port) },
      });
    }),
  doc: {
    looksAt: 'the address that the program says it listens on, and the refused probe',
    means: 'A bind to 127.0.0.1 is reachable only from inside the pod; the kubelet and Services come from outside.',
    fix: 'Bind 0.0.0.0 (or ::): most development servers need a flag or setting for it.',
    prevention:
      'Start the image in the pipeline and ask it through its published port, not from inside: a bind to 127.0.0.1 fails there.',
    notThis: 'Another port is probe-wrong-port; nothing said about an address decides nothing.',
  },
});
