// The TLS handshake fails: unknown CA, a name that is not in the certificate, a refused handshake.

import { signIn } from '../core/log-signs.ts';
import { defineRule } from '../core/rule.ts';
import { spoken } from './reading/address.ts';
import { dependencyOf, MECHANISMS } from './reading/dependency.ts';
import { details, fromLog } from './reading/said.ts';
import { EXPIRED, UNTRUSTED } from './vocabulary/tls.ts';

export default defineRule({
  id: 'tls-verification-failed',
  title: 'The TLS handshake fails',
  explains: ['crash-loop', 'unread'],
  causes: [
    ...MECHANISMS,
    'dependency-timeout',
    'dependency-refused',
    'apiserver-unreachable',
    'dependency-auth-failed',
  ],
  actions: ['fix-config', 'rollback'],
  byHand: 'Give {container} the CA of {host|the other side}, or call it by a name that its certificate holds.',
  judge: (evidence) =>
    fromLog(evidence, UNTRUSTED, (hit, k) => {
      // An expired certificate is worded as a failed verification too.
      if (signIn(hit.line.text, EXPIRED) || /http: TLS handshake error from/.test(hit.line.text)) return undefined;
      const dependency = dependencyOf(hit, k, evidence);
      const g = hit.groups;
      const why = (g.why ?? g.why2 ?? g.why3 ?? '').trim().replace(/[.:,]{1,9}$/, '');
      return {
        summary: `${k.container.name} does not get a trusted TLS connection${dependency.host ? ` to ${spoken(dependency)}` : ''}${why ? `: ${why.slice(0, 160)}` : ''}`,
        detail: { ...dependency.detail, ...details({ why }) },
        more: dependency.more,
      };
    }),
  doc: {
    looksAt: 'the last words of the program',
    means:
      'The other side was reached, and one of the two does not accept the certificate, the name in it, or the version of TLS.',
    fix: 'Mount the CA that signed the certificate and name it in the trust settings, use a name that the certificate holds, or correct scheme and port.',
    prevention:
      'Ship the CA bundle with the configuration of {container}, and test the handshake with {host|the server} from the target cluster before a rollout.',
    notThis: 'A certificate out of its time is certificate-expired. Turning verification off is no cure.',
  },
});
