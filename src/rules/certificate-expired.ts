// A certificate is out of its period of validity, or a clock is wrong.

import { defineRule } from '../core/rule.ts';
import { spoken } from './reading/address.ts';
import { dependencyOf, MECHANISMS } from './reading/dependency.ts';
import { details, fromLog } from './reading/said.ts';
import { EXPIRED } from './vocabulary/tls.ts';

/** The certificate is one that the program itself was given. */
const CERTIFICATE_FILE = /\/[\w.@/-]{1,200}\.(?:crt|cer|cert|pem)\b/;

export default defineRule({
  id: 'certificate-expired',
  title: 'A certificate has expired',
  explains: ['crash-loop', 'unread'],
  causes: [
    ...MECHANISMS,
    'tls-verification-failed',
    'dependency-timeout',
    'dependency-refused',
    'apiserver-unreachable',
    'leader-election-lost',
    'config-malformed',
  ],
  actions: [],
  byHand:
    'Renew the certificate {certificate|of the side that its last words speak of} and have the program read it; check the clock of the node too.',
  judge: (evidence) =>
    fromLog(evidence, EXPIRED, (hit, k) => {
      const file = CERTIFICATE_FILE.exec(hit.line.text)?.[0];
      const dependency = file ? { host: '', port: '', more: [], detail: {} } : dependencyOf(hit, k, evidence);
      const early =
        /not yet valid|NotYetValid|NOT_YET_VALID|NotValidYet/.test(hit.line.text) && !/expired/i.test(hit.line.text);
      const bound = hit.groups.bound?.trim();
      const named = file ? `in ${file}` : dependency.host ? `of ${spoken(dependency)}` : '';
      const whose = named || `that ${k.container.name} meets`;
      return {
        summary:
          early || hit.groups.side === 'before'
            ? `the certificate ${whose} is not valid yet${bound ? ` (from ${bound})` : ''}: it is new, or the clock is behind`
            : `the certificate ${whose} has expired${bound ? ` (${bound})` : ''}`,
        detail: { ...dependency.detail, ...details({ expired: bound, certificate: named }) },
        more: dependency.more,
      };
    }),
  doc: {
    looksAt: 'the last words of the program',
    means: 'Today lies outside the validity of a certificate of the other side, of a CA, or of the program itself.',
    fix: 'Renew the certificate (and its CA), restart what reads it only at start, and compare the clocks.',
    prevention:
      'Let cert-manager or its like renew certificates, and alert 21 days before the end of each, that of {host|this server} included.',
    notThis:
      'An unknown CA or a wrong name is tls-verification-failed; an expired password or token is dependency-auth-failed.',
  },
});
