// How resolvers, runtimes and servers word that a name does not resolve.

import { signTable } from '../../core/log-signs.ts';

export const DNS = signTable([
  {
    who: 'libpq',
    pattern: /could not translate host name "(?<host>[^"]{1,253})" to address/i,
  },
  { who: 'nginx', pattern: /host not found in (?:upstream|resolver) "?(?<host>[^"\s:]{1,253})(?::\d+)?"?/i },
  {
    who: 'nginx at run time',
    pattern:
      /(?<host>[\w.-]{1,253}) could not be resolved \(\d+: (?:Host not found|Server failure|Operation timed out|SERVFAIL)/i,
  },
  { who: 'HAProxy', pattern: /could not resolve address '(?<host>[^']{1,253})'/i },
  { who: 'Node.js', pattern: /getaddrinfo (?:ENOTFOUND|EAI_AGAIN|ENODATA|ESERVFAIL) (?<host>[\w.-]{1,253})/ },
  {
    who: 'Node.js dns and SRV records',
    pattern:
      /query(?:Srv|Txt|A|Aaaa|Cname|Any) (?:ENOTFOUND|ESERVFAIL|ENODATA|ETIMEOUT|EREFUSED) (?<host>[\w.-]{1,253})/,
  },
  {
    who: 'Go net',
    pattern:
      /lookup (?<host>[\w.-]{1,253})(?: on [\d.:[\]a-f]+)?: (?:no such host|server misbehaving|Temporary failure|i\/o timeout|read udp|Try again|No address|device or resource busy)/i,
  },
  {
    who: 'Java',
    pattern:
      /(?:java\.net\.|java\.nio\.channels\.)?(?:UnknownHostException|UnresolvedAddressException|UnknownHost)(?:: (?:Failed to resolve '?)?(?<host>[\w.-]{1,253}))?/,
  },
  { who: 'Netty', pattern: /Failed to resolve '(?<host>[\w.-]{1,253})'/i },
  {
    who: 'Kafka clients',
    pattern:
      /Couldn't resolve server (?<host>[\w.-]{1,253}):\d+ from (?:bootstrap\.servers|.{0,40}) as DNS resolution failed/i,
  },
  {
    who: 'Kafka clients without a resolvable server',
    pattern: /No resolvable bootstrap urls given in bootstrap\.servers/,
  },
  { who: 'librdkafka', pattern: /Failed to resolve '(?<host>[\w.-]{1,253}):\d+'/i },
  {
    who: 'urllib3, requests',
    pattern:
      /host='(?<host>[\w.-]{1,253})', port=\d+\).{0,500}(?:Failed to resolve|Name or service not known|Temporary failure in name resolution|NameResolutionError|nodename nor servname)/i,
  },
  {
    who: 'aiohttp, asyncpg, httpx',
    pattern:
      /Cannot connect to host (?<host>[\w.-]{1,253}):\d+ .{0,80}(?:Name or service not known|Temporary failure|Domain name not found|No address)/i,
  },
  {
    who: 'redis-py',
    pattern:
      /Error -[23] connecting to (?<host>[\w.-]{1,253}):\d+\. (?:Name or service not known|Temporary failure|No address)/i,
  },
  {
    who: 'PyMySQL, mysqlclient',
    pattern:
      /(?:Unknown (?:MySQL|MariaDB) server host|Can't connect to (?:MySQL|MariaDB) server on) '(?<host>[^']{1,253})'.{0,60}(?:\(-?[23]\b|Name or service|Temporary failure|\(11001\)|Name does not resolve)|Unknown (?:MySQL|MariaDB) server host '(?<host2>[^']{1,253})'/i,
  },
  {
    who: 'pymongo',
    pattern:
      /(?<host>[\w.-]{1,253}):\d+: \[Errno -[235]\] (?:Name or service not known|Temporary failure|No address|Name does not resolve)/i,
  },
  { who: 'PHP', pattern: /php_network_getaddresses: getaddrinfo(?: for (?<host>[\w.-]{1,253}))? failed/i },
  {
    who: 'Ruby',
    pattern:
      /(?:Failed to open TCP connection to|Error connecting to Redis on) (?<host>[\w.-]{1,253}):\d+ \((?:getaddrinfo|SocketError)|getaddrinfo(?:\(3\))?: (?:Name or service not known|Temporary failure in name resolution|Name does not resolve|No address associated)/i,
  },
  {
    who: '.NET',
    pattern:
      /(?:Name or service not known|No such host is known|Resource temporarily unavailable|nodename nor servname provided)[^\n(]{0,6}\((?<host>[\w.-]{1,253}):\d+\)/i,
  },
  { who: '.NET without an address', pattern: /No such host is known|SocketException \((?:0*1, 11|0*5, 6)\)/i },
  {
    who: 'curl, wget, git',
    pattern:
      /Could(?:n't| not) resolve (?:host|proxy)(?: name)?:? ['"]?(?<host>[\w.-]{1,253})|unable to resolve host(?: address)? [‘'"“]?(?<host2>[\w.-]{1,253})|bad address '(?<host3>[\w.-]{1,253})/i,
  },
  {
    who: 'Rust',
    pattern:
      /failed to lookup address information: (?:Name or service not known|Temporary failure|Name does not resolve|Try again|No address)/i,
  },
  {
    who: 'nslookup, dig, host: busybox and bind',
    pattern:
      /(?:can't resolve '(?<host>[\w.-]{1,253})'|(?:server can't find|can't find) (?<host2>[\w.-]{1,253})(?:\.|:) ?(?:NXDOMAIN|SERVFAIL|No answer)|Host (?<host3>[\w.-]{1,253}) not found: \d)/i,
  },
  {
    who: 'nc, telnet, ssh, psql in shells',
    pattern:
      /(?:nc|ncat|netcat|telnet|ssh|ping|mysqladmin|pg_isready)(?::|\s).{0,20}?['"]?(?<host>[a-z][\w.-]{1,253})['"]?(?: port \d+)?:? (?:Name or service not known|Name does not resolve|forward host lookup failed|Temporary failure)/i,
  },
  {
    who: 'Erlang, Elixir',
    pattern: /\((?<host>[\w.-]{1,253}):\d+\): non-existing domain - :nxdomain|:nxdomain\b|\{error,nxdomain\}/,
  },
  {
    who: 'ZooKeeper, Solr, Elasticsearch discovery',
    pattern: /failed to resolve host \[(?<host>[\w.-]{1,253})\]|Unable to resolve address:? (?<host2>[\w.-]{1,253})/i,
  },
  {
    who: 'any program',
    pattern:
      /\blookup of (?:host )?["'`]?(?<host3>[\w.-]{1,253})["'`]? failed|(?:cannot|could not|can't|unable to|failed to) resolve (?:(?:the )?(?:host(?: ?name)?|dns name|server|broker|peer)s? (?:of |for )?["'`]?(?<host>[\w.-]{1,253})|["'`]?(?<host2>[a-z0-9][\w.-]{1,253}?)["'`]?: (?:name|host|unknown host|no such|NXDOMAIN|dns)\b)/i,
  },
  { who: 'gRPC', pattern: /name resolver error: produced zero addresses|dns: A record lookup error/i },
  {
    who: 'Oracle, ldap3, hickory, c-ares',
    pattern:
      /Unknown host specified|\bunknown host[: ]{1,2}["'`]?(?<host2>[\w-]+(?:\.[\w-]+)*)|ORA-17868|LDAPSocketOpenError: invalid server address|no record(?:s)? found for (?:Query \{ name: )?(?:Name\(")?(?<host>[\w.-]{1,253})|Domain name not found/i,
  },
  { who: 'Envoy, Traefik, Caddy', pattern: /DNS resolution (?:failed|error) for (?<host>[\w.-]{1,253})/i },
  {
    who: 'glibc and musl',
    pattern:
      /(?<! at -[a-z]:\d{1,5}: )Name or service not known|Name does not resolve|Temporary failure in name resolution|No address associated with hostname|nodename nor servname provided|NXDOMAIN|Host not found\b|no such host|\b(?:lookup|resolve|getaddrinfo)\b.{0,80}: Try again\b/i,
  },
]);
