// The program binds 127.0.0.1 only: inside the pod it works, for the kubelet and for Services nobody is there.

import type { ContainerCase } from '../core/case.ts';
import { type Citation, cite, known } from '../core/fact.ts';
import { defineRule, EDIT_TEMPLATE, eachCase } from '../core/rule.ts';
import { type Listening, listens } from './reading/listens.ts';
import { notListening, PROBED, probeFailures } from './reading/probe-failures.ts';
import { citeProbe, probeDetail, probeHolds } from './reading/probe-findings.ts';

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
  commands: [EDIT_TEMPLATE],
  byHand: 'Let {container} listen on 0.0.0.0 instead of 127.0.0.1 (flag, HOST or bind setting).',
  judge: (evidence) =>
    eachCase(evidence, PROBED, (k) => {
      const f =
        notListening(k) ?? (k.symptom === 'not-ready' ? probeFailures(k).find((p) => p.kind === 'refused') : undefined);
      const open = listens(k);
      const told = boundBySetting(k);
      const loopback = (l: Listening) => l.on === 'loopback' || (l.on === '' && told.length > 0);
      const local = open.find((l) => loopback(l) && (l.port === f?.port || f?.port === undefined));
      if (!f || !local || open.some((l) => l.port === f.port && !loopback(l))) return undefined;
      return probeHolds(k, f, {
        strength: 'proof',
        summary: `${k.container.name} listens on 127.0.0.1:${local.port} only, so the ${f.probe} probe is refused at the pod's address`,
        evidence: [local.citation, ...told, f.citation, ...citeProbe(f)],
        detail: { ...probeDetail(k, f), listenPort: String(local.port) },
      });
    }),
  doc: {
    looksAt: 'the address that the program says it listens on, and the refused probe',
    means: 'A bind to 127.0.0.1 is reachable only from inside the pod; the kubelet and Services come from outside.',
    fix: 'Bind 0.0.0.0 (or ::): most development servers need a flag or setting for it.',
    prevention:
      'Start the image in the pipeline and ask port {listenPort|that it publishes} from outside: a bind to 127.0.0.1 fails there.',
    notThis: 'Another port is probe-wrong-port; nothing said about an address decides nothing.',
  },
});

const FLAG =
  /(?:^|\s)--?(?:bind|host|listen|addr|address|ip|interface)[\w-]{0,20}[= ](?:https?:\/\/)?(?:127\.0\.0\.1|localhost)\b/i;
const VARIABLE =
  /^(?:HOST|BIND|(?:\w{1,60}_)?(?:BIND|LISTEN)(?:_\w{1,60})?|SERVER_ADDRESS|ASPNETCORE_URLS|UVICORN_HOST|FLASK_RUN_HOST)$/;

/** The flag or variable that tells the program to listen on 127.0.0.1, where its log does not say where it listens. */
function boundBySetting(k: ContainerCase): Citation[] {
  const words = [...(known(k.container.command) ?? []), ...(known(k.container.args) ?? [])].join(' ');
  const flag = FLAG.exec(words)?.[0]?.trim();
  const entries = known(k.container.env) ?? [];
  const i = entries.findIndex(
    (e) => VARIABLE.test(e.name) && /^(?:https?:\/\/)?(?:127\.0\.0\.1|localhost)(?::\d|$)/.test(e.value ?? ''),
  );
  const variable = entries[i];
  return [
    ...(flag ? cite<unknown>(known(k.container.args) ? k.container.args : k.container.command, flag) : []),
    ...(variable ? cite(k.container.env, `${variable.name}=${variable.value}`, `[${i}]`) : []),
  ];
}
