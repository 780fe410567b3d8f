// The program refuses to work because of its licence: missing, expired, or exceeded.

import type { ContainerCase } from '../core/case.ts';
import { known } from '../core/fact.ts';
import { type LogHit, logHits, signTable } from '../core/log-signs.ts';
import { defineRule } from '../core/rule.ts';
import { inBrief } from './reading/in-brief.ts';
import { details, fromLog } from './reading/said.ts';
import { together } from './vocabulary/row.ts';

const LICENCE = signTable([
  {
    who: 'any program',
    pattern:
      /licen[cs]e(?: key| file| token)?.{0,60}?(?:has |is |was |are |have )?(?:been )?(?:expired|invalid|not valid|missing|not found|required|revoked|exceeded|corrupt|rejected|not (?:been )?(?:set|provided|installed|accepted|activated)|could not be (?:verified|validated|loaded|found)|verification failed|validation failed|check failed|does not (?:allow|permit|cover|match))/i,
  },
  {
    who: 'any program',
    pattern:
      /(?:invalid|expired|missing|no(?: valid)?|without(?: a)?(?: valid)?|unable to (?:find|load|validate|verify|read)|could not (?:find|load|validate|verify)|failed to (?:load|validate|verify|check|parse)|cannot (?:find|load|validate)|requires? (?:a )?(?:valid )?|bad|unlicensed) (?:\w+ ){0,2}?licen[cs]e/i,
  },
  {
    who: 'Vault Enterprise, Consul, Nomad',
    pattern:
      /(?:license is (?:not valid|expired)|no autoloaded license|Error autoloading license|license.{0,40}termination)/i,
  },
  {
    who: 'Elasticsearch',
    pattern: /current license is non-compliant for \[(?<feature>[^\]]{1,60})\]|license \[.{0,60}\] expired/i,
  },
  {
    who: 'Confluent',
    pattern: /(?:Failed to (?:verify|validate) license|License for .{1,60} expired|Your trial license has expired)/i,
  },
  {
    who: 'any program',
    pattern: /(?:trial|evaluation|subscription)(?: period| version| license)? (?:has )?(?:expired|ended)/i,
  },
  {
    who: 'any program, about dates and seats',
    pattern:
      /licen[cs]e .{0,30}\b(?:valid until|ends|ended|lapsed)\b.{1,40}\b(?:today|now|is over)\b|\bseat limit (?:is |was )?(?:reached|exceeded)/i,
  },
  {
    who: 'SQL Server, Oracle',
    pattern:
      /(?:evaluation period has expired|ACCEPT_EULA|must accept the (?:EULA|end[- ]user licen[cs]e)|EULA .{0,40}(?:not accepted|must be accepted)|accept(?:ance of)? the licen[cs]e)/i,
  },
  {
    who: 'FlexLM, JetBrains, Atlassian',
    pattern:
      /(?:FLEXnet|FlexLM|FlexNet) .{0,80}(?:error|denied)|number of (?:licensed )?(?:users|nodes|seats|cores).{0,40}exceed/i,
  },
  together(
    '\\blicen[cs](?:e|ing)\\b|\\bproduct key\\b',
    '\\b(?:expired|ended|lapsed|refused|signature|used on|unusable)\\b',
  ),
  { who: 'any program', weak: true, pattern: /\btrial (?:period |version )?(?:has |is )?(?:ended|expired|over)\b/i },
]);

/** Of several complaints the first: those after it say what follows from it. */
function reasonOf(k: ContainerCase, hit: LogHit): LogHit {
  const said = logHits(k, LICENCE).filter(
    (h) => h.position === hit.position && h.citation.source === hit.citation.source,
  );
  return said.at(-1) ?? hit;
}

export default defineRule({
  id: 'licence-invalid',
  title: 'The licence is not accepted',
  explains: ['crash-loop', 'unread'],
  causes: [
    'application-error',
    'init-script-failed',
    'entrypoint-completes',
    'file-missing',
    'env-missing',
    'config-value-invalid',
    'secret-missing',
    'certificate-expired',
  ],
  byHand: 'Renew or install the licence of {container}, update the Secret or ConfigMap that holds it, and start anew.',
  judge: (evidence) =>
    fromLog(evidence, LICENCE, (hit, k) => {
      if (
        /licen[cs]ed under|apache license|mit license|see the license|license agreement at|third[- ]party/i.test(
          hit.line.text,
        )
      )
        return undefined;
      const reason = reasonOf(k, hit);
      return {
        summary: `${k.container.name} does not work with its licence: ${inBrief(reason.line.text)}`,
        more: reason.line === hit.line ? [] : [reason.citation],
        detail: details({ image: known(k.container.image) }),
      };
    }),
  doc: {
    looksAt: 'what the last words say of a licence',
    means: 'The program ends by itself because its licence is missing, expired, or smaller than its use.',
    fix: 'Install a valid licence. Nothing in the cluster can replace it.',
    prevention: 'Alert some weeks before the licence of {image|the program} ends.',
    notThis: 'A certificate that is expired (certificate-expired), or credentials that are refused.',
  },
});
