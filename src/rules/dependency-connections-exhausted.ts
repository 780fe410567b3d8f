// A database or broker has no connection left to give, or the program's own pool waits in vain for one.

import { signTable } from '../core/log-signs.ts';
import { defineRule } from '../core/rule.ts';
import { spoken } from './reading/address.ts';
import { dependencyOf, MECHANISMS } from './reading/dependency.ts';
import { fromLog } from './reading/said.ts';

const EXHAUSTED = signTable([
  {
    who: 'PostgreSQL',
    pattern:
      /sorry, too many clients already|remaining connection slots are reserved|too many connections for (?:role|database)|53300/i,
  },
  {
    who: 'PgBouncer, Pgpool, Odyssey',
    pattern:
      /no more connections allowed|query_wait_timeout|server_login_retry|too many (?:tcp )?connections|max_client_conn/i,
  },
  {
    who: 'MySQL, MariaDB',
    pattern:
      /Too many connections|ER_CON_COUNT_ERROR|has more than '?max_user_connections'?|max_user_connections|Host '[^']+' is blocked because of many connection errors/i,
  },
  { who: 'Redis, Valkey', pattern: /max number of clients(?: \+ cluster connections)? reached/i },
  {
    who: 'MongoDB, Oracle, SQL Server',
    pattern:
      /too many open connections|ORA-00018|ORA-00020|ORA-12516|ORA-12519|ORA-12520|The (?:session|connection) limit for the database|Resource ID : \d+\. The (?:session|request) limit/i,
  },
  {
    who: 'RabbitMQ, Kafka, NATS, ZooKeeper',
    pattern:
      /NOT_ALLOWED - (?:access to vhost|connection limit)|connection limit \(\d+\) is reached|channel_max|nats: maximum connections exceeded|Too many connections from \/\S+ - max is \d+/i,
  },
  {
    who: 'any program',
    pattern:
      /\bconnections? limit\b.{0,20}\b(?:reached|exceeded|hit)\b|\bmax(?:imum)?(?: number of)? connections\b.{0,20}\b(?:reached|exceeded|in use)\b|\bno (?:free|more|spare) connections?\b|\ball \d+ connections (?:are )?(?:in use|busy|taken)/i,
  },
  {
    who: 'HikariCP, DBCP, Tomcat JDBC, c3p0',
    weak: true,
    pattern:
      /Connection is not available, request timed out after|Cannot get a connection, pool (?:error|exhausted)|Timeout waiting for idle object|PoolExhaustedException|Unable to fetch a connection in \d+ seconds/i,
  },
  {
    who: 'SQLAlchemy, which says that its pool is used up',
    pattern: /QueuePool limit of size \d+ overflow \d+ reached/i,
  },
  {
    who: 'ActiveRecord, Sequelize, Knex, Prisma, .NET, Go',
    weak: true,
    pattern:
      /could not obtain a (?:database )?connection (?:from the pool )?within|ConnectionTimeoutError|ConnectionAcquireTimeout|Timeout acquiring a connection|Timed out fetching a new connection from the connection pool|Timeout expired\. +The timeout period elapsed prior to obtaining a connection from the pool|(?<!when )pool (?:has been |is |was )?exhausted|redis: connection pool timeout/i,
  },
]);

const POOL = /pool|acquiring a connection|Connection is not available|QueuePool/i;

export default defineRule({
  id: 'dependency-connections-exhausted',
  title: 'A dependency has no free connection',
  explains: ['crash-loop', 'unread'],
  causes: [...MECHANISMS, 'dependency-refused', 'dependency-timeout'],
  actions: ['restart'],
  byHand: 'Find who holds the connections of {host|the server}; close them, lower the pool sizes, or raise its limit.',
  judge: (evidence) =>
    fromLog(evidence, EXHAUSTED, (hit, k) => {
      // HikariCP without a single connection never reached the database.
      if (/total=0, active=0/.test(hit.line.text)) return undefined;
      const dependency = dependencyOf(hit, k, evidence);
      return {
        summary: POOL.test(hit.line.text)
          ? `the connection pool of ${k.container.name} got no connection${dependency.host ? ` to ${spoken(dependency)}` : ''} in time`
          : `${spoken(dependency)} has no free connection for ${k.container.name}`,
        detail: dependency.detail,
        more: dependency.more,
      };
    }),
  doc: {
    looksAt: 'the last words of the program',
    means:
      'The dependency is up and full: the sum of all pools is larger than what it allows, or somebody leaks connections.',
    fix: 'Lower pool sizes times replicas below the limit of the dependency, put a pooler in front, or raise the limit.',
    prevention:
      'Keep replicas × pool size below the connection limit of {host|the server} with room for a rollout, when old and new pods run side by side.',
    notThis: 'A pool that times out because nobody listens is dependency-refused; the innermost "Caused by" says so.',
  },
});
