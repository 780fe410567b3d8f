// How clients of databases, brokers and clusters word that nothing comes back. Groups: `host`, `port`.

import type { LogSign } from '../../../core/log-signs.ts';

export const STORES: LogSign[] = [
  {
    who: 'libpq',
    pattern:
      /connection to server at "(?<host>[^"]{1,200})"(?: \([^)]{1,60}\))?, port (?<port>\d+) failed: (?:Connection timed out|timeout expired|No route to host|Network is unreachable|Host is unreachable)/i,
  },
  {
    who: 'SQL Server JDBC',
    pattern:
      /TCP\/IP connection to the host (?<host>[\w.-]{1,200}), port (?<port>\d+) has failed\. Error: "(?:connect|connection) timed out/i,
  },
  {
    who: 'Prisma',
    pattern: /database server at `?(?<host>[\w.-]{1,200})`?:`?(?<port>\d{2,5})`? was reached but timed out/i,
  },
  {
    who: 'ZooKeeper clients',
    pattern:
      /ZooKeeperClientTimeoutException|Timed out waiting for connection while in state|Unable to connect to zookeeper server|KeeperErrorCode = ConnectionLoss/i,
  },
  {
    who: 'redis-py',
    pattern: /Timeout connecting to server|Error (?:110|113|101) connecting to (?<host>[\w.-]{1,200}):(?<port>\d+)/i,
  },
  {
    who: 'PyMySQL, mysqlclient',
    pattern:
      /Can't connect to (?:MySQL|MariaDB) server on '(?<host>[^':]{1,200})(?::(?<port>\d+))?'.{0,20}\((?:110|113|101|timed out|\[Errno 11[03]\])/i,
  },
  {
    who: 'mysql handshake that never comes',
    pattern:
      /Lost connection to (?:MySQL|MariaDB) server at '(?:reading initial communication packet|waiting for initial communication packet|reading authorization packet)/i,
  },
  {
    who: 'pymongo',
    pattern:
      /(?<host>[\w.-]{1,200}):(?<port>\d+): (?:timed out|\[Errno 11[03]\])|No (?:servers|replica set members) (?:found yet|match selector|available)/i,
  },
  {
    who: 'MongoDB drivers',
    pattern:
      /Mongo(?:ose)?ServerSelectionError|Server selection timed out after|buffering timed out after \d+ ?ms|Timed out after \d+ ms while waiting (?:to connect|for a server)|server selection (?:error|timeout)/i,
  },
  {
    who: 'Kafka clients',
    pattern:
      /Timed out waiting for a node assignment|Topic .{1,100} not present in metadata after \d+ ms|Timeout expired while fetching topic metadata|TimeoutException: Timeout of \d+ms expired before|Failed to update metadata after \d+ ms|Failed to connect to and describe Kafka cluster|Call\(callName=\w+,[^)]{0,200}\) timed out at|Timed out waiting to send the call/,
  },
  {
    who: 'Nacos',
    pattern:
      /Server check fail, please check server (?<host>[\w.-]{1,200}) ?, ?port (?<port>\d+) is available|NacosException: Client not connected, current status/,
  },
  {
    who: 'RocketMQ',
    pattern: /RemotingConnectException: connect to (?:<)?(?<host>[\w.-]{1,200}):(?<port>\d+)>? failed/,
  },
  {
    who: 'Flink',
    pattern:
      /Could not register at the ResourceManager within|Could not connect to rpc endpoint under address \S+?@(?<host>[\w.-]{1,200}):(?<port>\d+)/,
  },
  {
    who: 'members that do not find their cluster: Cassandra, RabbitMQ',
    pattern:
      /Unable to (?:contact any seeds|gossip with any \w+):? ?\[?(?<host>[\w.-]{1,200})?|Timeout contacting cluster nodes: \['?\w{1,40}@(?<host2>[\w.-]{1,200})|timeout_waiting_for_tables,\['?\w{1,40}@(?<host3>[\w.-]{1,200})/,
  },
  {
    who: 'Ceph',
    pattern: /error calling ceph: .{0,80}(?:timed out|deadline)|monclient.{0,60}(?:timed out|hunting for new mon)/i,
  },
  {
    who: 'elasticsearch-js, Kibana',
    pattern:
      /\bRequest Timeout after \d{1,9} ?ms\b|Unable to retrieve version information from Elasticsearch nodes\. (?:Request timed out|connect ETIMEDOUT)/i,
  },
  {
    who: 'etcd',
    pattern: /etcdserver: request timed out|etcd cluster is unavailable|context deadline exceeded.{0,60}etcd/i,
  },
];
