// The probe speaks another protocol than the port: http to https, https to http, gRPC to http.

import type { ContainerCase } from '../core/case.ts';
import type { Evidence } from '../core/evidence.ts';
import { type Citation, cite, known } from '../core/fact.ts';
import { logHits, signTable } from '../core/log-signs.ts';
import { defineRule, eachCase } from '../core/rule.ts';
import { fatalFailure, PROBED, type ProbeFailure } from './reading/probe-failures.ts';
import { citeProbe, probeDetail, probeHolds } from './reading/probe-findings.ts';

const TLS_WORDS = signTable([
  {
    who: 'Go',
    pattern:
      /http: TLS handshake error.{0,120}(?:first record does not look like a TLS handshake|EOF)|Client sent an HTTP request to an HTTPS server/i,
  },
  { who: 'nginx', pattern: /plain HTTP request was sent to HTTPS port/i },
  {
    who: 'OpenSSL, Node.js, Python, Ruby',
    pattern: /SSL routines.{0,80}http request|ERR_SSL_HTTP_REQUEST|\bHTTP_REQUEST\b|wrong version number/i,
  },
  {
    who: 'Java, Netty, Jetty, Elasticsearch',
    pattern:
      /not an SSL\/TLS record|Unrecognized SSL message, plaintext connection|received plaintext http traffic on an https channel|This combination of host and port requires TLS/i,
  },
  {
    who: 'servers that got TLS on a plain port',
    pattern:
      /Invalid HTTP request received|bad request version|Invalid method encountered|\\x16\\x03|invalid request line|HTTP parse error|Invalid character found in method name/i,
  },
]);

export default defineRule({
  id: 'probe-wrong-scheme',
  title: 'The probe speaks the wrong protocol',
  explains: PROBED,
  causes: ['probe-too-early', 'probe-timeout', 'terminated-by-signal', 'entrypoint-completes', 'probe-wrong-path'],
  actions: ['fix-probe', 'rollback'],
  byHand:
    'Let the {probe|failing} probe of {container} ask in the protocol that its port speaks. For an HTTP probe that is scheme {scheme}.',
  judge: (evidence) =>
    eachCase(evidence, PROBED, (k) => {
      const stated = fatalFailure(k, 'protocol');
      if (stated) return found(k, stated, 'proof', []);
      const refused = fatalFailure(k, 'status', 'reset');
      if (!refused || (refused.kind === 'status' && refused.status !== 400) || known(refused.spec)?.scheme === 'HTTPS')
        return undefined;
      const signs = [...tlsInLog(k), ...tlsInSpec(k, refused), ...tlsInConfig(evidence, refused)];
      return signs.length > 0 ? found(k, refused, 'sign', signs) : undefined;
    }),
  doc: {
    looksAt:
      "the kubelet's words, the status 400, the port's name and number, TLS errors in the log, and the configuration",
    means:
      'The port expects TLS and is asked in plain HTTP (or the other way round), so the answer is 400 or no HTTP at all.',
    fix: 'Set the scheme of the probe to what the port speaks; the kubelet does not check certificates.',
    prevention:
      'Change the scheme of the {probe|failing} probe in the same commit that turns TLS on or off for port {port|of the program}.',
    notThis: 'A refused connection is about the port, 404 about the path.',
  },
});

function found(k: ContainerCase, f: ProbeFailure, strength: 'proof' | 'sign', more: Citation[]) {
  const grpc = known(f.spec)?.type === 'grpc' || /\b(?:grpc|rpc)\b|server preface/i.test(f.words);
  const asked = grpc ? 'gRPC' : (known(f.spec)?.scheme ?? (/https:/.test(f.words) ? 'HTTPS' : 'HTTP'));
  const scheme = asked === 'HTTP' ? 'HTTPS' : 'HTTP';
  const port = f.port === undefined ? 'the port' : `port ${f.port}`;
  const answer = f.status === undefined ? 'does not get that protocol back' : `gets ${f.status}`;
  return probeHolds(k, f, {
    strength,
    summary: `the ${f.probe} probe asks ${port} in ${asked} and ${answer}${strength === 'sign' ? `: ${port} speaks ${scheme}` : ''}`,
    evidence: [f.citation, ...more, ...citeProbe(f)],
    detail: { ...probeDetail(k, f), ...(asked === 'gRPC' ? {} : { scheme }) },
  });
}

function tlsInLog(k: ContainerCase): Citation[] {
  return logHits(k, TLS_WORDS)
    .slice(0, 1)
    .map((h) => h.citation);
}

function tlsInSpec(k: ContainerCase, f: ProbeFailure): Citation[] {
  const ports = known(k.container.ports) ?? [];
  const i = ports.findIndex((p) => p.containerPort === f.port);
  const port = ports[i];
  const secure = /(?:^|[^\d])(?:\d*443)$/.test(String(f.port ?? '')) || /https|tls|ssl/i.test(port?.name ?? '');
  if (!secure) return [];
  return port
    ? cite(k.container.ports, `port ${port.containerPort}${port.name ? ` is named ${port.name}` : ''}`, `[${i}]`)
    : cite(f.spec, `port ${f.port} is a usual port for TLS`, '.httpGet.port');
}

/** A ConfigMap of the pod that turns TLS on for this port: `listen 8443 ssl;` */
function tlsInConfig(evidence: Evidence, f: ProbeFailure): Citation[] {
  if (f.port === undefined) return [];
  const on = new RegExp(`^.{0,80}\\b${f.port}\\b.{0,80}(?:ssl|tls|crt|cert).{0,80}$`, 'im');
  return evidence.references
    .flatMap((reference) => {
      const values = known(reference.object)?.values ?? {};
      const key = Object.keys(values).find((name) => on.test(values[name] ?? ''));
      const line = key && on.exec(values[key] ?? '')?.[0].trim();
      return key && line ? cite(reference.object, line, `.data[${key}]`) : [];
    })
    .slice(0, 1);
}
