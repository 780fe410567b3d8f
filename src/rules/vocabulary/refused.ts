// How programs word ECONNREFUSED: a host was reached, and nobody listens on the port.

import { signTable } from '../../core/log-signs.ts';

export const REFUSED = signTable([
  {
    who: 'libpq 14 and newer',
    pattern:
      /connection to server at "(?<host>[^"]{1,200})"(?: \([^)]{1,60}\))?, port (?<port>\d+) failed: Connection refused/i,
  },
  {
    who: 'libpq before 14, over two lines',
    pattern:
      /could not connect to server: Connection refused(?:[^"]{0,120}host "(?<host>[^"]{1,200})"[^"]{0,60}port (?<port>\d+))?/i,
  },
  {
    who: 'pgjdbc',
    pattern: /Connection to (?<host>[\w.-]{1,200}):(?<port>\d+) refused/i,
  },
  {
    who: 'SQL Server JDBC',
    pattern:
      /TCP\/IP connection to the host (?<host>[\w.-]{1,200}), port (?<port>\d+) has failed\. Error: "Connection refused/i,
  },
  {
    who: 'Go net',
    pattern:
      /dial tcp4?6? (?:lookup )?(?<host>[\w.-]{1,200}|\[[0-9a-f:.]+\]):(?<port>\d+): (?:connect: |connectex: )?connection refused/i,
  },
  { who: 'Node.js', pattern: /connect ECONNREFUSED (?<host>[\w.:-]{1,200}):(?<port>\d+)/ },
  {
    who: 'Node.js, AggregateError and clients without an address',
    pattern: /\bECONNREFUSED\b(?:[^\w]{1,4}(?<host>[\w.-]{1,200}):(?<port>\d+))?/,
  },
  {
    who: 'redis-py',
    pattern:
      /Error (?:111|61) connecting to (?<host>[\w.-]{1,200}):(?<port>\d+)\.? ?(?:Connection refused|ECONNREFUSED)?/i,
  },
  {
    who: 'urllib3, requests, elasticsearch-py, kafka-python, aiohttp',
    pattern:
      /(?:host='(?<host>[\w.-]{1,200})', port=(?<port>\d+)\)?|Cannot connect to host (?<host2>[\w.-]{1,200}):(?<port2>\d+)).{0,400}(?:Connection refused|Connect call failed|Errno 111)/i,
  },
  {
    who: 'PyMySQL, mysqlclient, SQLAlchemy',
    pattern:
      /Can't connect to (?:local )?(?:MySQL|MariaDB) server on '(?<host>[^':]{1,200})(?::(?<port>\d+))?'(?: \((?:111|61|\[Errno 111\][^)]*)\)| \(\[Errno 111)/i,
  },
  {
    who: 'libmysqlclient, mysql',
    pattern:
      /Can't connect to (?:local )?(?:MySQL|MariaDB) server on '(?<host>[^':]{1,200})(?::(?<port>\d+))?'.{0,20}\(?111\b/i,
  },
  {
    who: 'PHP PDO, mysqli',
    pattern: /SQLSTATE\[HY000\] \[2002\] Connection refused|SQLSTATE\[08006\].{0,200}Connection refused/i,
  },
  {
    who: 'pymongo, MongoDB drivers',
    pattern: /(?<host>[\w.-]{1,200}):(?<port>\d+): \[Errno 111\] Connection refused/i,
  },
  {
    who: 'MongoDB Java and Go drivers',
    pattern: /address=(?<host>[\w.-]{1,200}):(?<port>\d+).{0,300}Connection refused/i,
  },
  {
    who: 'Redis clients: redis-rb, ioredis, Lettuce, Jedis, phpredis, predis',
    pattern:
      /(?:Error connecting to Redis on|Unable to connect to|Failed to connect to any host resolved for DNS name|Failed connecting to(?: host)?|Could not connect to Redis at) \[?(?:redis:\/\/)?(?<host>(?!-)[\w.-]{1,200})(?:\/<unresolved>)?[:/](?<port>\d+)/i,
  },
  {
    who: 'Kafka clients',
    pattern:
      /Connection to node -?\d+ \((?<host>[\w.-]{1,200})(?:\/[\d.]*)?:(?<port>\d+)\) could not be established|(?<host2>[\w.-]{1,200}):(?<port2>\d+)\/(?:bootstrap|\d+): Connect to ipv\d#[\w.:[\]-]+ failed: Connection refused/i,
  },
  {
    who: 'RabbitMQ clients',
    pattern:
      /AMQP(?:Connection|Connector)?.{0,120}Connection refused|None of the specified endpoints were reachable|ACCESS_?REFUSED_NEVER|Connection refused.{0,40}amqp|amqp:\/\/[^\s]{0,120}ECONNREFUSED/i,
  },
  {
    who: 'Java with the address in the message: Netty, Apache HttpClient, gRPC',
    pattern:
      /Connection refused: (?:no further information: )?\/?(?<host>[\w.-]{1,200})(?:\/[\d.]{7,15})?:(?<port>\d+)|Connect to (?:https?:\/\/)?(?<host2>[\w.-]{1,200}):(?<port2>\d+).{0,200}failed: Connection refused/i,
  },
  {
    who: '.NET',
    pattern:
      /(?:Connection refused|actively refused it)\.? ?\[?[:(]?\s?\[?(?:::ffff:)?(?<host>[\w.-]{1,200})\]?:(?<port>\d+)/i,
  },
  {
    who: 'curl, wget, libcurl',
    pattern:
      /(?:Failed to connect to|connect to) (?<host>[\w.-]{1,200}) port (?<port>\d{1,5})(?: \([^)]{0,200}\))?(?: after \d+ ms)?(?: from [^:]{1,80})?:? (?:failed: )?(?:Connection refused|Couldn't connect to server|Could not connect to server)/i,
  },
  {
    who: 'busybox wget, nc, telnet',
    pattern:
      /(?:can't connect to remote host|nc:|telnet:)[^:]{0,80}\(?(?<host>[\d.]{7,15})?\)?[^:]{0,40}: Connection refused/i,
  },
  {
    who: 'nginx, Apache proxy',
    pattern:
      /connect\(\) failed \(111: Connection refused\) while connecting to upstream.{0,300}upstream: "\w+:\/\/(?<host>[\w.-]{1,200}):(?<port>\d+)/,
  },
  {
    who: 'any program that names the address before the refusal',
    pattern: /(?<host>[a-z][\w.-]{1,200}|\d{1,3}(?:\.\d{1,3}){3}):(?<port>\d{2,5})\b.{0,60}\bconnection refused/i,
  },
  {
    who: 'any program that names the address after the refusal',
    pattern: /connection refused.{0,60}?\b(?<host>[a-z][\w.-]{1,200}|\d{1,3}(?:\.\d{1,3}){3}):(?<port>\d{2,5})\b/i,
  },
  {
    who: 'errno text: Python, Rust, Ruby, PHP, Java, shell',
    pattern:
      /\bConnection refused\b|ConnectionRefused\b|connection_refused|:econnrefused|Connection refused|os error 111|actively refused/i,
  },
  { who: 'Oracle JDBC', pattern: /The Network Adapter could not establish the connection|ORA-12541|ORA-12514/ },
  {
    who: 'Prisma, which words every failed connection alike',
    weak: true,
    pattern: /Can't reach database server at `?(?<host>[\w.-]{1,200})`?:`?(?<port>\d{2,5})/,
  },
  {
    who: 'StackExchange.Redis, python-ldap and OpenLDAP, which do not say why',
    weak: true,
    pattern:
      /It was not possible to connect to the redis server|UnableToConnect on (?<host>[\w.-]{1,200}):(?<port>\d+)|Can't contact LDAP server/i,
  },
]);
