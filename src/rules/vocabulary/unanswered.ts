// How programs word that a dependency does not answer: nothing comes back, or no route leads there.

import { signTable } from '../../core/log-signs.ts';

export const UNANSWERED = signTable([
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
    who: 'Go net',
    pattern:
      /dial tcp4?6? (?<host>[\w.-]{1,200}|\[[0-9a-f:.]+\]):(?<port>\d+): (?:i\/o timeout|connect: (?:connection timed out|no route to host|network is unreachable|operation timed out|host is down))/i,
  },
  {
    who: 'Node.js',
    pattern: /connect (?:ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EHOSTDOWN) (?<host>[\w.:-]{1,200}):(?<port>\d+)/,
  },
  {
    who: 'urllib3, requests',
    pattern:
      /host='(?<host>[\w.-]{1,200})', port=(?<port>\d+)\).{0,500}(?:ConnectTimeout|timed out|Read timed out|No route to host|Network is unreachable|Errno 113|Errno 101|Errno 110)/i,
  },
  { who: 'urllib3 inner words', pattern: /Connection to (?<host>[\w.-]{1,200}) timed out/i },
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
    who: 'Java',
    pattern:
      /(?:ConnectTimeoutException|HttpConnectTimeoutException|SocketTimeoutException|NoRouteToHostException)(?:: (?:connection timed out:? ?(?:after \d+ ms: )?\/?(?<host>[\w.-]{1,200})(?:\/[\d.]+)?:(?<port>\d+))?)?/,
  },
  {
    who: 'Java with errno words',
    pattern: /ConnectException: (?:Connection timed out|Operation timed out|No route to host|Network is unreachable)/,
  },
  {
    who: 'Kafka clients',
    pattern:
      /Timed out waiting for a node assignment|Topic .{1,100} not present in metadata after \d+ ms|Timeout expired while fetching topic metadata|TimeoutException: Timeout of \d+ms expired before|Failed to update metadata after \d+ ms|Failed to connect to and describe Kafka cluster|Call\(callName=\w+,[^)]{0,200}\) timed out at|Timed out waiting to send the call/,
  },
  {
    who: 'gRPC',
    pattern:
      /(?:code = |StatusCode\.|status: )?(?:DeadlineExceeded|DEADLINE_EXCEEDED).{0,200}|failed to connect to all addresses.{0,100}(?<host>[\w.-]{1,200}):(?<port>\d+): (?:Failed to connect to remote host: )?(?:Timeout|FD shutdown|No route)/,
  },
  {
    who: '.NET',
    pattern:
      /A connection attempt failed because the connected party did not properly respond|The request was canceled due to the configured HttpClient\.Timeout|Connection Timeout Expired|A network-related or instance-specific error occurred while establishing a connection to SQL Server/i,
  },
  {
    who: 'curl, wget',
    pattern:
      /(?:Failed to connect to|connect to) (?<host>[\w.-]{1,200}) port (?<port>\d+).{0,60}(?:Connection timed out|Timeout was reached|No route to host|Operation timed out|timed out)/i,
  },
  {
    who: 'curl without a host',
    pattern: /curl: \((?:28)\)|Resolving timed out after|Connection timed out after \d+ milliseconds/i,
  },
  {
    who: 'PHP',
    pattern:
      /SQLSTATE\[HY000\] \[2002\] (?:Connection timed out|No route to host|Operation timed out|Network is unreachable)/i,
  },
  {
    who: 'Ruby',
    pattern:
      /Net::(?:Open|Read)Timeout|Errno::(?:ETIMEDOUT|EHOSTUNREACH|ENETUNREACH)|CannotConnectError.{0,40}[Tt]imed? ?out/,
  },
  {
    who: 'Rust',
    pattern: /(?:os error (?:110|113|101)\b)|deadline has elapsed|pool timed out while waiting for an open connection/,
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
    who: 'etcd',
    pattern: /etcdserver: request timed out|etcd cluster is unavailable|context deadline exceeded.{0,60}etcd/i,
  },
  {
    who: 'wait-for-it, dockerize, wait-for',
    pattern:
      /timeout occurred after waiting \d{1,9} seconds for (?<host>[\w.-]{1,200}):(?<port>\d+)|Timeout after \d{1,9}\w{0,3} waiting on dependencies|(?:Operation )?timed out.{0,20}waiting for (?<host2>[\w.-]{1,200}):(?<port2>\d+)/i,
  },
  {
    who: 'any program that names the address',
    pattern:
      /(?<host>[a-z][\w.-]{1,200}|\d{1,3}(?:\.\d{1,3}){3}):(?<port>\d{2,5})\b.{0,80}\b(?:timed? ?out|no route to host|unreachable|ETIMEDOUT|EHOSTUNREACH)/i,
  },
  {
    who: 'errno text',
    pattern:
      /\bConnection timed out\b|\bNo route to host\b|\bNetwork is unreachable\b|\bETIMEDOUT\b|\bEHOSTUNREACH\b|\bENETUNREACH\b|\bHost is unreachable\b|ConnectTimeout|connect timeout|connect timed out/i,
  },
  {
    who: 'timeout of an operation',
    weak: true,
    pattern:
      /TimeoutError|context deadline exceeded|i\/o timeout|operation timed out|request timed out|\bread timeout\b/i,
  },
]);
