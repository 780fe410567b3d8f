// How members of a cluster say that their data or identity belongs to another cluster, or to one of before.

import { signTable } from '../../core/log-signs.ts';
import { together } from './row.ts';

export const STALE_MEMBER = signTable([
  {
    who: 'etcd',
    pattern:
      /member (?<member>[0-9a-f]+) has already been bootstrapped|request (?:sent was ignored|cluster ID mismatch)[^\n]{0,120}|the member has been permanently removed from the cluster|member count is unequal|cluster ID mismatch|unmatched member while checking PeerURLs|error validating peerURLs|data-dir .{0,80}(?:used|belongs)|tocommit\(\d+\) is out of range/i,
  },
  {
    who: 'Kafka',
    pattern:
      /InconsistentClusterIdException|The Cluster ID (?<found>\S+) doesn't match stored clusterId|InconsistentBrokerIdException|Configured broker\.id \d+ doesn't match stored broker\.id|Stored node id \d+ doesn't match|Invalid cluster\.id in|doesn't match stored (?:node|broker)\.id|Incompatible (?:clusterIDs|namespaceIDs)/i,
  },
  {
    who: 'ZooKeeper, Consul, Vault, Nomad',
    pattern:
      /My id \d+ not in the peer list|refusing to rejoin cluster|myid file is missing|Node name .{1,80} is reserved by node|failed to join cluster: .{0,80}(?:mismatch|Conflicting)|(?:node|server) ID .{0,80}(?:already|conflict)/i,
  },
  {
    who: 'MongoDB, Galera, MySQL Group Replication, RabbitMQ',
    pattern:
      /NodeNotFound: No host described in new configuration|InvalidReplicaSetConfig|not safe to bootstrap|It may not be safe to bootstrap the cluster|safe_to_bootstrap|WSREP: .{0,80}(?:wrong|mismatch).{0,40}(?:uuid|cluster)|inconsistent_cluster|Node '?(?<member>[^'\s]+)'? thinks it's clustered with node|is not a member of the group/i,
  },
  {
    who: 'Elasticsearch, OpenSearch',
    pattern:
      /This node previously joined a cluster with UUID \[(?<found>[^\]]{1,100})\] and is now trying to join a different cluster|cluster UUID .{0,60}(?:does not match|mismatch)|with a different cluster uuid|node with the same id but is a different node instance/i,
  },
  {
    who: 'Patroni, repmgr, BookKeeper, Redis Cluster, CockroachDB, TiDB, Cassandra, MinIO',
    pattern:
      /InvalidCookieException|system ID mismatch, node (?<member>\S+) belongs to a different cluster|Node .{0,80}is not empty\. Either the node already knows other nodes|cluster ID .{0,40}mismatch|store belongs to (?:another|cluster)|Saved cluster name .{1,80} != configured name|A node with address \S+ already exists|Cannot (?:start|join).{0,60}(?:decommission|already exists in the ring)|belongs to a different (?:deployment|cluster)/i,
  },
  {
    who: 'any program',
    pattern:
      /\bcluster[ -]?(?:uu)?id\b.{0,60}\b(?:differs?|does(?: not|n't) match|mismatch\w{0,3}|is not that of)\b|\b(?:node|member|peer|replica|broker|server)\b.{0,40}\b(?:has been|was) removed from (?:the |this |its )?(?:cluster|ring|quorum|group)\b|\b(?:data|identity|volume|node id|peer id|member)\b.{0,40}\bbelongs to (?:another|a different|an older) (?:cluster|ring|quorum)\b/i,
  },
  together(
    '\\b(?:node|member|peer|broker|replica|cluster)\\b.{0,20}\\b(?:id|identity|uuid)\\b',
    '\\b(?:conflicts?|mismatch|differs?|different|already registered)\\b',
  ),
  {
    who: 'any program',
    weak: true,
    pattern: /\bremoved from (?:the )?(?:configuration|membership|quorum|peer set)\b/i,
  },
]);
