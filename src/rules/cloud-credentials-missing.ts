// The pod has no cloud identity: no access key, no workload identity, no instance metadata that answers.

import { cite, known } from '../core/fact.ts';
import { signTable } from '../core/log-signs.ts';
import { defineRule } from '../core/rule.ts';
import { inBrief } from './reading/in-brief.ts';
import { details, fromLog } from './reading/said.ts';
import { together } from './vocabulary/row.ts';

const IDENTITY = signTable([
  {
    who: 'AWS, Python',
    pattern: /NoCredentialsError|Unable to locate credentials|PartialCredentialsError|NoAuthTokenError/,
  },
  {
    who: 'AWS, Go',
    pattern:
      /NoCredentialProviders|no valid providers in chain|failed to refresh cached credentials|no EC2 IMDS role found|failed to retrieve credentials|EC2RoleRequestError|no valid credential sources/,
  },
  { who: 'AWS, Java', pattern: /Unable to load (?:AWS )?credentials from any(?: of the)? provider/i },
  {
    who: 'AWS, Node.js',
    pattern:
      /CredentialsProviderError|Could not load credentials from any providers|Missing credentials in config|CredentialsError/,
  },
  {
    who: 'AWS STS',
    pattern:
      /AssumeRoleWithWebIdentity.{0,160}|(?:WebIdentityErr|InvalidIdentityToken|IDPCommunicationError|No OpenIDConnect provider found in your account)/,
  },
  {
    who: 'Google',
    pattern:
      /could not find default credentials|Could not automatically determine credentials|Your default credentials were not found|DefaultCredentialsError|Application Default Credentials are not available|Could not load the default credentials|ADC.{0,40}not (?:found|available)/i,
  },
  {
    who: 'Google metadata',
    pattern:
      /(?:metadata\.google\.internal|Compute Engine Metadata|compute: Received 40[34]|GCE metadata).{0,120}(?:not|fail|error|404|403|unreachable|refused|timeout)/i,
  },
  {
    who: 'Azure',
    pattern:
      /(?:DefaultAzureCredential|ManagedIdentityCredential|EnvironmentCredential|ChainedTokenCredential|WorkloadIdentityCredential|CredentialUnavailable).{0,120}(?:fail|unavailable|not|error|authentication)/i,
  },
  {
    who: 'Azure',
    pattern:
      /AADSTS\d{4,8}|ManagedIdentityCredential authentication unavailable|Identity not found|failed to acquire a token|no azure identity found/i,
  },
  {
    who: 'instance metadata',
    pattern:
      /169\.254\.169\.254.{0,160}(?:timed? ?out|timeout|refused|no route|unreachable|deadline|404|401|403|Max retries|failed)/i,
  },
  {
    who: 'instance metadata',
    pattern:
      /\b(?:ec2 ?imds|ec2 metadata|from instance metadata|IMDS)\b.{0,160}(?:timed? ?out|refused|no route|unreachable|deadline|40[134]|fail)/i,
  },
  {
    who: 'AWS IAM: the identity that the pod has is not the one that may',
    pattern:
      /User: (?<arn>arn:aws[\w-]{0,10}:\w{2,5}::[^\s]{1,200}) is not authorized to perform: (?<action>[\w-]{1,40}:\w{1,60})/,
  },
  {
    who: 'any program',
    pattern:
      /\bno (?:valid |usable )?(?:(?:aws|gcp|google|azure|cloud) )?(?:credentials?|identity) (?:(?:were|was) )?(?:found|available|configured|provided)?.{0,40}\b(?:s3|gs|abfss?|wasbs?):\/\/|\bno (?:valid |usable )?(?:aws|gcp|google|azure|cloud) (?:credentials?|identity)\b/i,
  },
  {
    who: 'clouds that refuse and do not say whom',
    weak: true,
    pattern:
      /UnauthorizedOperation: |api error AccessDenied(?:Exception)?: |An error occurred \(AccessDenied(?:Exception)?\)|does not have authorization to perform action|Permission '[\w.]{3,80}' denied on resource/,
  },
  {
    who: 'instance metadata',
    pattern: /(?:timed? ?out|refused|no route|failed|error|unable).{0,160}169\.254\.169\.254/i,
  },
  together(
    '\\bmetadata server\\b|\\b(?:instance )?metadata (?:service|endpoint)\\b|\\bworkload identity\\b|\\bmanaged identity\\b|\\bcloud identity\\b|\\bIRSA\\b',
    '\\b(?:fail\\w{0,3}|could not|cannot|unable|denied|40\\d|not found|not bound|missing|refused)\\b',
  ),
]);

export default defineRule({
  id: 'cloud-credentials-missing',
  title: 'No cloud identity',
  explains: ['crash-loop', 'unread', 'recovered'],
  causes: [
    'application-error',
    'init-script-failed',
    'entrypoint-completes',
    'dependency-timeout',
    'dependency-refused',
    'env-missing',
    'dependency-auth-failed',
  ],
  byHand:
    'Give service account {serviceAccount} its cloud identity (annotation, federation or pod identity association), or mount access keys.',
  judge: (evidence) =>
    fromLog(evidence, IDENTITY, (hit, k) => {
      // Other S3 servers answer in the same words.
      if (/minio|ceph|rados|rgw|seaweed|garage/i.test(hit.line.text)) return undefined;
      const serviceAccount = known(evidence.pod.serviceAccount) ?? 'default';
      const { arn, action } = hit.groups;
      const why = arn
        ? `: as ${arn} it may not ${action}`
        : hit.sign.weak
          ? `: ${inBrief(hit.line.text)}`
          : /169\.254/.test(hit.line.text)
            ? ': the instance metadata does not answer'
            : '';
      return {
        summary: `${k.container.name} has no cloud identity that is accepted${why}`,
        more: cite(evidence.pod.serviceAccount, `service account ${serviceAccount}`),
        detail: details({ serviceAccount }),
      };
    }),
  doc: {
    looksAt:
      'the words of the cloud libraries when no provider gives them credentials, and the service account of the pod',
    means:
      'The program calls a cloud API and finds neither keys nor an identity of its pod, or the cloud does not let the pod take on its identity.',
    fix: 'Bind the service account to a role of the cloud, or give the pod credentials. A hop limit of 1 keeps pods from the instance metadata.',
    prevention:
      'Ship the service account ({serviceAccount|its name}) and its cloud role together, and check the annotation in continuous integration.',
    notThis:
      'Credentials that are there and refused, by the cloud, a database or a broker (dependency-auth-failed), or rights in the Kubernetes API (rbac-forbidden).',
  },
});
