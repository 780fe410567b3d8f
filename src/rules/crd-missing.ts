// A controller needs a custom resource or API version that the API server does not serve.

import { signTable } from '../core/log-signs.ts';
import { defineRule } from '../core/rule.ts';
import { details, fromLog } from './reading/said.ts';
import { rowInAnyCase as row } from './vocabulary/row.ts';

const UNSERVED = signTable([
  row(
    'controller-runtime, helm',
    'no matches for kind \\\\?"(?<kind>[\\w.]{1,80})\\\\?" in (?:version|group) \\\\?"(?<api>[\\w./-]{1,120})',
  ),
  row('controller-runtime', 'if kind is a CRD, it should be installed before calling Start'),
  row(
    'client-go',
    'the server could not find the requested resource(?: \\((?:get|list|watch|post|put|patch) (?<kind>[\\w.-]{1,120}))?',
  ),
  row(
    'client-go',
    'failed to (?:list|watch) \\*?(?<kind>[\\w.]{1,120}): .{0,60}the server could not find the requested resource',
  ),
  row(
    'API server',
    'customresourcedefinitions?(?:\\.apiextensions\\.k8s\\.io)? \\\\?"(?<kind>[\\w.-]{1,120})\\\\?" not found',
  ),
  row(
    'operators',
    '(?:CRD|CustomResourceDefinition|custom resource definition)s? ?["\'`]?(?<kind>[\\w.-]{0,120})["\'`]? ?(?:is |are |was |does |do |has |have )?(?:not (?:installed|found|exist|present|registered|available|ready|been)|missing|must be installed)',
  ),
  row(
    'operators',
    '(?:missing|install|required?|could not find|unable to find|no) (?:the )?(?:following )?(?:required )?(?:CRD|CustomResourceDefinition)s?',
  ),
  row(
    'Velero and others',
    '(?:custom resource(?:s| definitions?)|CRDs?) not (?:found|installed)|missing required resource\\(s\\): (?<kind>\\w{1,80})',
  ),
  row('discovery', 'unable to retrieve the complete list of server APIs: (?<api>[\\w./]{1,120})'),
  row(
    'client-go',
    'no resource (?:type )?"(?<kind>[\\w.]{1,80})" (?:found|in group)|the API group (?<api>[\\w.]{1,80}) is not available|resource mapping not found for',
  ),
  // Of an unknown group or version the API server says so in plain text; of an unknown object in JSON.
  row('Python client', 'HTTP response body: 404 page not found'),
  row('kubectl', 'does(?: not|n.t) have a resource type "(?<kind>[\\w.]{1,80})"'),
  row(
    'removed APIs',
    '(?<api>(?:policy|batch|networking\\.k8s\\.io|autoscaling|flowcontrol\\.apiserver\\.k8s\\.io|extensions|apiextensions\\.k8s\\.io|discovery\\.k8s\\.io)/v\\d(?:alpha|beta)\\d) .{0,60}(?:not (?:found|served|available|supported)|removed|no longer served)',
  ),
]);

export default defineRule({
  id: 'crd-missing',
  title: 'A resource type is not served',
  explains: ['crash-loop', 'unread'],
  causes: [
    'application-error',
    'init-script-failed',
    'entrypoint-completes',
    'version-incompatible',
    'leader-election-lost',
    'apiserver-unreachable',
  ],
  commands: [['See what is served', 'get customresourcedefinitions']],
  byHand:
    'Install the CustomResourceDefinition of {kind|the resource} in the version that the controller asks for, or use a version of the controller that knows what this API server serves. It asks for {api}.',
  judge: (evidence) =>
    fromLog(evidence, UNSERVED, (hit, k) => {
      const { kind, api } = hit.groups;
      return {
        summary: `${k.container.name} needs ${kind ? `the resource ${kind}` : 'a resource'}${api ? ` of ${api}` : ''}, which the API server does not serve`,
        detail: details({ kind, api }),
      };
    }),
  doc: {
    looksAt: 'the words of client-go and operators about kinds and resources that are not found',
    means: 'The CustomResourceDefinition is not installed, or the cluster no longer serves this version of the API.',
    fix: 'Install the definitions that belong to this version of the controller, before the controller itself.',
    prevention:
      'Install definitions and controller together, and read the list of removed APIs before a cluster upgrade: {kind|what the program asks for} is not served.',
    notThis: 'A single object that does not exist, or one that may not be read (rbac-forbidden).',
  },
});
