// The network of a pod cannot be made: the CNI plugin fails or is absent, or its daemon does not start.

import { signTable } from '../core/log-signs.ts';
import { defineRule, type Judgement } from '../core/rule.ts';
import { saying } from './reading/events.ts';
import { holdUp } from './reading/held-up.ts';
import { inBrief } from './reading/in-brief.ts';
import { details, fromLog } from './reading/said.ts';

const SANDBOX =
  /failed to set ?up (?:network for )?sandbox [\s\S]{0,200}?(?:plugin type="(?<plugin>[^"]+)"|network)[\s\S]*|networkPlugin cni failed[\s\S]*|NetworkPluginNotReady[\s\S]*|cni (?:plugin not initialized|config uninitialized)[\s\S]*|network is not ready[\s\S]*|failed to find plugin "(?<plugin2>[^"]+)"[\s\S]*|no IP addresses available in range set[\s\S]*|failed to (?:assign|allocate)[^.]{0,60}(?:IP|address)[\s\S]*|error getting ClusterInformation[\s\S]*|CNI request failed[\s\S]*|No CNI configuration file in[\s\S]*|error adding pod \S+ to CNI network[\s\S]*|unable to connect to Cilium daemon[\s\S]*/i;
const DAEMON = signTable([
  {
    who: 'flannel',
    pattern:
      /pod cidr not assigned|Failed to (?:find any valid interface|create SubnetManager)|Error registering network|failed to acquire lease|loadFlannelSubnetEnv failed|failed to read net conf|net-conf\.json/i,
  },
  {
    who: 'Calico',
    pattern:
      /Unable to auto-detect an IPv[46] address|couldn't autodetect|BIRD is not ready|Calico node '[^']+' is already using the IPv4 address|no (?:configured )?IP ?pools|Felix is not live|confd is not running/i,
  },
  {
    who: 'Cilium',
    pattern:
      /Unable to (?:initialize|allocate) .{0,40}(?:IPAM|CIDR)|required IPv[46] PodCIDR not available|Waiting for k8s node information.{0,80}(?:CIDR|timeout)|cilium.{0,60}kernel .{0,40}(?:too old|requires)/i,
  },
  {
    who: 'AWS VPC CNI, Azure, Weave, kube-router',
    pattern:
      /(?:ipamd|aws-node).{0,60}(?:failed|timed out|Unable to reach API Server)|Network .{1,60} overlaps with existing route|failed to allocate (?:a )?(?:pod )?CIDR|CIDR allocation failed/i,
  },
]);

export default defineRule({
  id: 'cni-failure',
  title: "The pod's network cannot be made",
  explains: ['waits', 'cannot-start', 'crash-loop', 'unread'],
  causes: ['container-runtime-fault', 'application-error', 'dependency-timeout'],
  actions: ['move-off-node'],
  commands: [
    ['See the network pods of the node', 'get pods --all-namespaces -o wide --field-selector=spec.nodeName={node}'],
  ],
  byHand:
    'Look at the CNI pods and /etc/cni/net.d on the node; the plugin {plugin|that is set there} says why it refuses.',
  judge: (evidence): Judgement[] => {
    const said = saying(evidence, SANDBOX);
    if (said) {
      const plugin = said.first.groups.plugin ?? said.first.groups.plugin2;
      const why = said.first.text
        .replace(/^[\s\S]*?(?:sandbox "[^"]{0,300}":? ?|plugin type="[^"]{0,100}"[^:]{0,300}: ?)/, '')
        .slice(0, 200);
      const found = holdUp(evidence, {
        summary: `the network of the pod cannot be made${plugin ? ` by the CNI plugin ${plugin}` : ''}: ${why}`,
        evidence: said.citations,
        detail: details({ plugin, why }),
      });
      if (found.length) return found;
    }
    return fromLog(evidence, DAEMON, (hit, k) => ({
      summary: `${k.container.name} cannot make the network of its node: "${inBrief(hit.line.text, 160)}"`,
      detail: details({ plugin: k.container.name }),
    }));
  },
  doc: {
    looksAt: 'the FailedCreatePodSandBox events, the Ready condition of the node, and the words of CNI daemons',
    means:
      'The runtime asks a CNI plugin for the network of the pod, and that fails: no plugin, no configuration, no free address, no pod CIDR.',
    fix: 'Repair the CNI daemon on the node, give it addresses, or move the pod to a node whose network works.',
    prevention: 'Alert on nodes whose CNI pod is not ready, and on pools of addresses that are nearly used up.',
    notThis:
      'A sandbox that cannot be made for another reason is container-runtime-fault; too small a memory limit is oom-killed.',
  },
});
