// How databases, brokers and APIs word that they do not accept who connects.

import { signTable } from '../../core/log-signs.ts';
import { together } from './row.ts';

export const CREDENTIALS = signTable([
  {
    who: 'PostgreSQL through libpq',
    pattern:
      /connection to server at "(?<host>[^"]{1,200})"(?: \([^)]{1,60}\))?, port (?<port>\d+) failed: (?:FATAL: +)?(?:password authentication failed for user "(?<user>[^"]+)"|no pg_hba\.conf entry|role "(?<user2>[^"]+)" does not exist|database "(?<database>[^"]+)" does not exist|fe_sendauth: no password supplied)/i,
  },
  {
    who: 'PostgreSQL',
    pattern:
      /(?:password|peer|ident|GSSAPI|SCRAM|LDAP|md5|cert(?:ificate)?) authentication failed(?: for user "(?<user>[^"]+)")?|no pg_hba\.conf entry for (?:host|replication)|fe_sendauth: no password supplied|no password supplied|authentication method \d+ (?:not supported|requested)|SASL authentication failed|SCRAM-SERVER-FIRST-MESSAGE|server requested (?:SCRAM|password|SASL|MD5)-based authentication, but (?:no password|the password)/i,
  },
  {
    who: 'PostgreSQL: role or database',
    pattern:
      /FATAL: +(?:role "(?<user>[^"]+)" does not exist|database "(?<database>[^"]+)" does not exist)|role "(?<user2>[^"]+)" is not permitted to log in|permission denied for (?:database|schema|table|sequence|relation) (?<object>\S+)/i,
  },
  {
    who: 'MySQL, MariaDB',
    pattern:
      /Access denied for user '(?<user>[^']*)'@'(?<from>[^']*)'|ER_ACCESS_DENIED_ERROR|Host '[^']+' is not allowed to connect to this (?:MySQL|MariaDB) server|Unknown database '(?<database>[^']+)'|caching_sha2_password|ER_NOT_SUPPORTED_AUTH_MODE|Client does not support authentication protocol|Public Key Retrieval is not allowed|Plugin '?mysql_native_password'? is not loaded/i,
  },
  {
    who: 'SQL Server',
    pattern: /Login failed for user '(?<user>[^']*)'|Cannot open database "(?<database>[^"]+)" requested by the login/i,
  },
  { who: 'Oracle', pattern: /ORA-01017|ORA-28000|ORA-28001|invalid username\/password; logon denied/i },
  {
    who: 'MongoDB',
    pattern:
      /MongoCredential\{[^}]{0,80}userName='(?<user>[^']+)'|Authentication failed|AuthenticationFailed|not authorized on (?<database>\S+) to execute|command \w+ requires authentication|Could not find user|SCRAM.{0,40}authentication failed/i,
  },
  {
    who: 'Redis, Valkey',
    pattern:
      /NOAUTH Authentication required|AuthenticationError: Authentication required|WRONGPASS|ERR invalid password|ERR AUTH|invalid username-password pair|NOPERM|Client sent AUTH, but no password is set|called without any password configured/i,
  },
  {
    who: 'RabbitMQ, Erlang nodes and AMQP clients',
    pattern:
      /ACCESS_REFUSED|Login was refused using authentication mechanism|PLAIN login refused|access to vhost '(?<vhost>[^']+)' refused|vhost (?<vhost2>\S+) not found|AMQPLAIN|AuthenticationFailureException|ProbableAuthenticationError|username or password not allowed|Connection attempt from (?:disallowed )?node '[^']{1,200}' rejected\. Invalid challenge reply|TCP connection succeeded but Erlang distribution failed/,
  },
  {
    who: 'Kafka',
    pattern:
      /SaslAuthenticationException|SASL authentication (?:failed|error)|Authentication failed(?: during authentication)?(?: due to)?|TopicAuthorizationException|GroupAuthorizationException|Not authorized to access|SASL_HANDSHAKE|TOPIC_AUTHORIZATION_FAILED/i,
  },
  {
    who: 'Elasticsearch, OpenSearch',
    pattern:
      /missing authentication credentials for REST request|unable to authenticate user \[(?<user>[^\]]{1,200})\]|security_exception|failed to authenticate user/i,
  },
  {
    who: 'Cassandra, ScyllaDB, ClickHouse, InfluxDB, NATS',
    pattern:
      /Provided username (?<user>\S+) and\/or password are incorrect|AuthenticationFailed\('|Authentication failed: password is incorrect|nats: (?:authorization violation|authentication)|Authorization Violation|unauthorized access/i,
  },
  {
    who: 'Vault, Consul, LDAP, SMTP, MQTT',
    pattern:
      /Code: 40[03]\. Errors:|permission denied: token|invalid (?:role or secret ID|token)|Permission denied: token with AccessorID|LDAP.{0,80}(?:error code 49|Invalid ?[Cc]redentials)|SMTPAuthenticationError|Username and Password not accepted|Invalid login: 5\d\d|535[ -]5?\.?7?\.?8?.{0,40}(?:Authentication|credentials|Username)|Connection Refused: not authori[sz]ed|bad user name or password/i,
  },
  {
    who: 'Ceph',
    pattern: /handle_auth_bad_method|auth: unable to find a keyring|(?:rados|cephx|RADOS).{0,40}permission denied/i,
  },
  {
    who: 'HTTP services',
    pattern:
      /(?:status(?: code)?:? ?|HTTP(?:\/\d(?:\.\d)?)? |HTTP Error |response |: )(?:401)\b|401 (?:Client Error: )?Unauthorized|invalid_client|invalid_grant|invalid api key|InvalidApiKey|Bad credentials|UNAUTHENTICATED|code = Unauthenticated/i,
  },
  {
    who: 'AWS, MinIO, Ceph and other S3 servers',
    pattern:
      /InvalidAccessKeyId|\bExpiredToken|[Aa]ccess [Kk]ey I[Dd] you provided does not exist|SignatureDoesNotMatch|InvalidClientTokenId|UnrecognizedClientException|The security token included in the request is (?:invalid|expired)|AuthFailure: AWS was not able to validate/,
  },
  {
    who: 'runners, tunnels and agents that register with a service',
    pattern:
      /forbidden \(check registration token\)|from 'POST \S{1,200}\/runner-registration'|^Unauthorized: \w|error="?Unauthorized: |\bapi key (?:is )?invalid|no valid api key/i,
  },
  {
    who: 'git, ssh, ftp',
    pattern:
      /Permission denied \(publickey|Authentication failed for 'https?:|could not read Username for|530 Login incorrect|terminal prompts disabled|invalid credentials/i,
  },
  together(
    '\\b(?:token|api ?key|credentials?|password|login)\\b',
    '\\b(?:rejected|refused|revoked|incorrect|wrong)\\b',
  ),
]);
