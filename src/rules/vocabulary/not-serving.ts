// How programs word that a dependency took the connection and does not serve: it was cut off, or the answer is "not yet".

import { signTable } from '../../core/log-signs.ts';

/** The connection was made and cut off: the dependency restarts, is not ready, or a proxy before it is. */
export const CLOSED = signTable([
  {
    who: 'libpq, node-postgres, mysql clients, Prisma',
    weak: true,
    pattern:
      /server closed the connection unexpectedly|Connection terminated unexpectedly|PROTOCOL_CONNECTION_LOST|Connection lost: The server closed the connection|Server has closed the connection|MySQL server has gone away|Lost connection to (?:MySQL|MariaDB) server during query|SSL SYSCALL error: EOF detected/i,
  },
  {
    who: 'errno text and HTTP clients',
    weak: true,
    pattern:
      /\bConnection reset by peer\b|\bECONNRESET\b|socket hang up|RemoteDisconnected|Connection unexpectedly closed|os error 104\b/i,
  },
]);

/** The dependency answers, and says that it does not serve yet. */
export const NOT_SERVING_YET = signTable([
  {
    who: 'PostgreSQL clients; the server itself logs the same words with its process id before them',
    pattern:
      /^(?!.*\[\d+\] FATAL).*the database system is (?:starting up|shutting down|in recovery mode|not accepting connections)/i,
  },
  {
    who: 'Redis, MongoDB, Elasticsearch, Kafka',
    pattern:
      /LOADING Redis is loading|Redis is loading the dataset|CLUSTERDOWN|MASTERDOWN|NotWritablePrimary|NotPrimaryNoSecondaryOk|not master and slaveOk=false|master_not_discovered_exception|LEADER_NOT_AVAILABLE|BROKER_NOT_AVAILABLE|COORDINATOR_NOT_AVAILABLE/i,
  },
]);
