// How programs refuse the value of a setting, each in words of its own or in those of its libraries. Groups: `setting`,
// `value`, `want` (what is wrong with it). A row that is `weak` may as well speak of data: its surroundings decide.

import { signTable } from '../../core/log-signs.ts';
import { row } from './row.ts';

const SETTING = '["\'`‘“]?(?<setting>[A-Za-z_][\\w.:-]{0,80})["\'`’”]?';
const VALUE =
  '(?:"(?<value>[^"]{0,120})"|\'(?<value2>[^\']{0,120})\'|`(?<value3>[^`]{0,120})`|(?<value4>[^\\s,;]{1,120}))';

export const WRONG_VALUE = signTable([
  row(
    'lists that a validation of settings prints, Grafana',
    '^[\\s>*-]{0,8}(?:[Ee]rror: )?[✗✖✘❌] (?:[\\w ]{1,60}: )?[Ii]nvalid (?:value|setting) (?:of|for) ["\'`](?<setting>[\\w.-]{1,80})["\'`]:?(?<want>.{0,160})',
  ),
  row('Kafka', 'Invalid value (?<value>\\S{1,120}) for configuration (?<setting>[\\w.]{1,80}):? ?(?<want>.{0,160})'),
  row('PostgreSQL', 'invalid value for parameter "(?<setting>[^"]{1,80})": "(?<value>[^"]{0,120})"'),
  row(
    'Go, Viper and others',
    `[Ii]nvalid value ${VALUE} for (?:the )?(?:setting|option|key|field|property) ${SETTING}(?<want>.{0,160})`,
  ),
  row(
    'PostgreSQL',
    '(?<value>-?\\d{1,20}) ?\\w{0,3} is outside the valid range for parameter "(?<setting>[^"]{1,80})" ?(?<want>.{0,60})',
  ),
  row('Spring Boot', "Failed to bind properties under '(?<setting>[^']{1,120})' to (?<want>[\\w.]{1,80})"),
  row(
    'Spring Boot',
    "Failed to convert (?:property )?value of type .{1,100} to required type .{1,60}(?:for property '(?<setting>[^']{1,80})')?",
  ),
  row(
    'JVM',
    'Invalid (?:maximum|initial|thread) (?:heap|stack) size: (?<value>-X\\w{1,40})|Initial heap size set to a larger value than the maximum heap size(?<setting>)|Could not reserve enough space for .{1,40}(?<setting2>object heap)|Too small maximum heap(?<setting3>)',
  ),
  row('MySQL, MariaDB', "Error while setting value '(?<value>[^']{0,120})' to '(?<setting>[^']{1,80})'"),
  row(
    'Elasticsearch, OpenSearch',
    'Failed to parse value \\[(?<value>[^\\]]{0,80})\\] for setting \\[(?<setting>[^\\]]{1,80})\\]',
  ),
  row('Kafka', 'requirement failed: .{0,40}?(?<setting>[a-z]+(?:\\.[a-z]+){1,6})(?<want>.{0,200})'),
  row('Kafka', 'config\\.ConfigException: (?!Missing required)(?<want>.{3,200})'),
  row(
    'any program',
    '(?:[Cc]onfig(?:uration)?|[Ss]etting|[Oo]ption|[Ff]ield|[Pp]roperty|[Pp]arameter|[Vv]ariable)\\b[: ]{0,3}["\'`]?(?<setting>[A-Za-z][\\w.-]{0,60})?["\'`]? ?:? (?<want>expected .{1,80}, (?:but )?(?:got|found|was) .{1,80})',
  ),
  row('Airflow', 'AirflowConfigException: (?:error: )?(?<want>.{3,200})'),
  row('any program', 'config(?:uration)? validation (?:failed|error): (?<want>.{3,200})'),
  row(
    'Loki, Mimir, Tempo, Keycloak',
    'validating config: (?<want>.{3,200})|invalid [\\w ]{1,40} config: (?<want2>.{3,200})|(?<want3>Key material not provided to setup HTTPS.{0,120}|Unable to configure HTTPS endpoint\\. No server certificate was specified)',
  ),
  row('CoreDNS', '(?<setting>plugin/forward): (?<want>no nameservers found|not an IP address or file: .{1,80})'),
  row('Go, where a setting holds an empty path', '(?<want>\\b(?:mkdir|open|stat) : no such file or directory)'),
  row(
    'entrypoints in PHP and shell',
    '[Ii]nvalid (?:option|value) for the environment variable ["\'`]?(?<setting>[A-Z][A-Z0-9_]{1,80})["\'`]?[.:]? ?(?<want>.{0,160})',
  ),
  row('Loki, Mimir, Tempo', 'CONFIG (?:ERROR|VALIDATION ERROR): (?<want>.{3,200})'),
  row(
    'Alertmanager, Prometheus, Grafana',
    '(?<want>undefined receiver "[^"]{1,80}" used in route|no routes? provided|no global \\w+ \\w+ (?:URL )?set|found multiple scrape configs with job name.{0,80}|[\\w.-]{1,80} config is invalid\\. .{3,160})',
  ),
  row(
    'keys of a fixed form',
    '(?<setting>Fernet key|[Ss]ecret key|SECRET_KEY|[Ee]ncryption key|[Jj]wt secret|JWT secret|[Cc]ookie secret|cookie_secret) (?:must (?:be|have)|is too (?:short|weak|small)|should be at least|has (?:an )?(?:invalid|wrong)|length).{0,40}(?<want>.{0,120})',
  ),
  row(
    'Java, Scala, Flink',
    '\\b(?:Illegal|Invalid|Bad)Config(?:uration)?\\w{0,12}(?:Exception|Error): (?<want>.{3,240})',
  ),
  row('Elasticsearch, OpenSearch', '(?<want>at least one of \\[[^\\]]{1,160}\\] must be (?:configured|set|specified))'),
  row('pydantic 2', "(?<want>\\S.{3,160}) \\[type=(?!missing)\\w{1,60}, input_value='?(?<value>[^,\\]']{0,80})", {
    weak: true,
  }),
  row('pydantic settings', 'error parsing (?:value|env var) for field "(?<setting>[^"]{1,80})"'),
  row('pydantic 1', '(?<want>value is not a valid \\S.{1,80}) \\(type=type_error', { weak: true }),
  row('EMQX', 'kind => validation_error,.{0,20}path => "(?<setting>[\\w.]{1,80})",.{0,20}reason => (?<want>.{1,120})'),
  row('Rails', '(?<want>ActiveSupport::MessageEncryptor::InvalidMessage)'),
  row('Rails', 'database configuration (?:specifies nonexistent|does not specify) (?<want>.{3,80})'),
  row(
    'key stores of Java, Node.js and OpenSSL',
    '(?<want>[Kk]ey ?store (?:was tampered with, or )?password was incorrect|failed to decrypt safe contents entry|PKCS12 (?:key store )?mac invalid.{0,40}|mac verify failure|ERR_OSSL_\\w{0,20}BAD_DECRYPT|bad decrypt)',
  ),
  row(
    'buildpacks for Java',
    '(?<want>fixed memory regions require \\d+\\w? which is greater than \\d+\\w? available.{0,60})',
  ),
  row('Varnish', '\\(-p (?<setting>\\w{1,60})\\): (?<want>Value must .{1,120})'),
  row('cloudflared', '[Pp]rovided (?<setting>[\\w ]{2,40}) is not valid'),
  row('n8n', '(?<want>Mismatching encryption keys.{0,160})'),
  row('Python', "ValueError: invalid literal for int\\(\\) with base 10: '(?<value>[^']{0,80})'", { weak: true }),
  row(
    'Python',
    "(?:could not convert string to float: '(?<value>[^']{0,80})'|Unknown level: '(?<value2>[^']{0,40})')",
    { weak: true },
  ),
  row('Go strconv', 'strconv\\.\\w{1,12}: parsing "(?<value>[^"]{0,120})": (?<want>invalid syntax|value out of range)'),
  row(
    'Go envconfig',
    "envconfig.Process: assigning (?<setting>\\w{1,80}) to \\w{1,60}: converting '(?<value>[^']{0,80})'",
  ),
  row(
    'Go',
    'invalid (?:argument|value) "(?<value>[^"]{0,120})" for (?:flag )?"?(?<setting>-{0,2}[\\w, -]{1,80}?)"?(?: flag)?: (?<want>.{1,120})',
  ),
  row('Java', 'NumberFormatException: (?:For input string: |Cannot parse null string)"?(?<value>[^"]{0,80})', {
    weak: true,
  }),
  row('Ruby', 'invalid value for (?:Integer|Float)\\(\\): "(?<value>[^"]{0,120})"', { weak: true }),
  row(
    'log levels',
    '(?:not a valid logrus Level|unrecognized level|unknown (?:log )?level|[Ii]nvalid log ?level|[Uu]nrecognized (?:log )?level|Unknown log level)[: ]{0,3}"?(?<value>[^\\s"]{0,40})',
  ),
  row(
    'URLs',
    '(?<want>(?:parse .{0,120}: (?:first path segment in URL cannot contain colon|missing protocol scheme|invalid (?:port|character|URI)|net/url: invalid|invalid userinfo).{0,80}|Invalid URL|[Ii]nvalid (?:URL|URI|DSN|connection string|database url).{0,120}|unsupported protocol scheme .{0,40}|no scheme.{0,20}supplied.{0,60}|ERR_INVALID_URL|Could not parse (?:SQLAlchemy URL|rfc1738 URL).{0,80}|relative URL without a base|empty host|No schema supplied.{0,60}|must start with the protocol .{0,60}|must specify one of the following schemes.{0,60}))',
  ),
  row(
    "addresses that are not the pod's own",
    '(?<want>(?:[Bb]ind|BIND|listen|socket).{0,120}(?:[Cc]annot assign requested address|EADDRNOTAVAIL|address not available))',
  ),
  row(
    'Kubernetes components',
    '(?<want>no kind "[^"]{1,80}" is registered for version .{1,80}|strict decoding error: .{1,160})',
  ),
  row(
    'addresses',
    '(?<want>(?:[Nn]o|[Mm]ultiple) private IP(?:v[46])? address(?:es)? found.{0,80}|(?:listen tcp:? .{0,80}: )?(?:address .{1,80}: (?:missing port in address|too many colons in address|invalid port)|lookup tcp/\\S{1,60}: (?:unknown port|nodename).{0,20}|invalid port .{0,60}|invalid listen address.{0,60}|port.{0,20}(?:out of range|must be (?:between|in range|>= ?0|less)).{0,60}|ERR_SOCKET_BAD_PORT.{0,60}|options\\.port should be.{0,60}))',
  ),
  row(
    'any program',
    `(?:[Ii]nvalid|[Ii]llegal|[Bb]ad|[Uu]nsupported|[Uu]nknown|[Uu]nexpected|[Ww]rong) (?:value|setting|parameter|option value|argument value|configuration(?: value)?|config value)s? ?(?:of |for |in |given for |specified for )?(?:(?:parameter|setting|option|key|field|variable|property|environment variable|the) )?${SETTING}(?:[:=]| is| was|,)? ?(?<want>.{0,160})`,
  ),
  row(
    'any program',
    `(?:[Ii]nvalid|[Uu]nsupported|[Uu]nknown|[Uu]nrecognized|[Ii]llegal) (?<setting>[A-Za-z_][\\w. -]{1,60}?):? ["'\`](?<value>[^"'\`]{1,120})["'\`]`,
  ),
  row(
    'any program',
    `${SETTING}:? (?:must|should|has to|needs to) be (?:one of|an? |at least|at most|between|greater|less|positive|non-negative|smaller|larger|higher|lower|in the range|within|either|>|<|>=|<=|a valid|set to (?:one of|either))(?<want>.{0,160})`,
  ),
  row(
    'any program',
    `(?:[Vv]alue|[Ss]etting) ${VALUE} (?:is |was )?(?:not (?:a )?(?:valid|allowed|supported|recognized|one of)|invalid|out of range|unsupported|not in)(?:.{0,20}?(?:for|of) ${SETTING})?(?<want>.{0,100})`,
  ),
  row(
    'any program',
    `${VALUE} is not (?:a )?(?:valid|allowed|supported|recognized|known) (?:value )?(?:for |as )?(?<setting>[\\w. -]{1,60})`,
  ),
  row(
    'any program',
    '(?:[Ii]nvalid|[Bb]ad|[Ww]rong|[Ii]ncorrect) (?<setting>config(?:uration)?|settings?)(?: error)?[:,] (?!no configuration has been)(?<want>.{3,200})',
  ),
  row(
    'any program',
    '\\b(?<setting>[A-Z][A-Z0-9_]{2,60})=(?<value>[^\\s,;]{1,80}) (?<want>(?:is|must|should|cannot|makes) .{1,120})',
    { weak: true },
  ),
  row(
    'any program',
    '(?<want>\\b(?:makes no sense|is none of|is not (?:one of|among)|cannot be (?:negative|zero|less|more|greater)).{0,120})',
    { weak: true },
  ),
  row('Vite, envalid, zod', '(?<!\\w|to )(?<setting>[A-Z][A-Z0-9_]{2,80}): (?<want>(?:Invalid|Expected|must).{1,160})'),
]);
