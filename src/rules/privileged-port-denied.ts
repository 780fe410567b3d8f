// A port below 1024 without the right to bind it.

import type { ContainerCase } from '../core/case.ts';
import { known } from '../core/fact.ts';
import { type LogHit, signTable } from '../core/log-signs.ts';
import { defineRule, eachCase } from '../core/rule.ts';
import { citeCapabilities } from './reading/capabilities.ts';
import { userOf } from './reading/paths.ts';
import { details, linesAround, type Said, SPOKEN, saidBy } from './reading/said.ts';
import { BIND_DENIED, portOfHit } from './vocabulary/bind.ts';

// A traceback shows the bind some lines above a bare "Permission denied".
const BARE = signTable([
  {
    who: 'Python, Perl, Lua, Rust: the call stands in the trace or in the line before',
    pattern:
      /(?:PermissionError|Errno 13|EACCES|kind: PermissionDenied).{0,30}Permission denied"?(?: \}\)?)?\s*$|os error 13\b/i,
  },
]);

export default defineRule({
  id: 'privileged-port-denied',
  title: 'A port below 1024 without the right',
  explains: ['crash-loop', 'unread'],
  causes: [
    'application-error',
    'file-permission-denied',
    'config-malformed',
    'init-script-failed',
    'capability-missing',
  ],
  actions: ['fix-config', 'rollback'],
  byHand:
    'Let {container} listen above 1024 instead of on {port|this port} and map it in the Service, or add NET_BIND_SERVICE.',
  judge: (evidence) =>
    eachCase(
      evidence,
      SPOKEN,
      (k) =>
        saidBy(k, BIND_DENIED, (hit) => {
          const port = portOfHit(hit.groups);
          return Number(port) >= 1024 ? undefined : found(k, port);
        }) ?? saidBy(k, BARE, (hit) => bareBind(hit, k)),
    ),
  doc: {
    looksAt: 'the refused bind in the last words, runAsUser and capabilities',
    means: 'Only root or the capability NET_BIND_SERVICE may listen below 1024, and this process has neither.',
    fix: 'Listen on 8080 or the like and let the Service map the port; or add the capability NET_BIND_SERVICE.',
    prevention:
      'Build images that listen above 1024: Services and Ingress give them port {port|80} to the outside anyway.',
    notThis: '"Address already in use" is port-in-use; a refused file is file-permission-denied.',
  },
});

function found(k: ContainerCase, port: string) {
  const { uid, citation } = userOf(k);
  return {
    summary: `${uid === undefined ? k.container.name : `user ${uid}`} may not listen on ${port ? `port ${port}, which is` : 'a port'} below 1024`,
    detail: details({ port, uid, user: uid === undefined ? undefined : `user ${uid}` }),
    more: [...citation, ...citeCapabilities(k)],
  };
}

function declaredLow(k: ContainerCase): string {
  const low = (known(k.container.ports) ?? []).map((p) => p.containerPort).filter((p) => p > 0 && p < 1024);
  return low.length === 1 ? String(low[0]) : '';
}

/** The bind itself, in the trace above a bare "Permission denied" or in the line before it. */
function bareBind(hit: LogHit, k: ContainerCase): Said | undefined {
  const above = linesAround(k, hit.line.n, 12, 0);
  const said = above.map((l) => /\bbind(?:ing)?\b.{0,40}:(\d{1,5})\b/i.exec(l.text)?.[1]).find((p) => p !== undefined);
  if (said !== undefined) return Number(said) < 1024 ? found(k, said) : undefined;
  return above.some((l) => /\bbind\(|server_bind|\.listen\(|create_server/.test(l.text))
    ? found(k, declaredLow(k))
    : undefined;
}
