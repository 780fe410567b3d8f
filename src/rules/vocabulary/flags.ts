// How argument parsers refuse a flag, and how programs refuse a value. Groups: `flag`; `setting`, `value`, `want`.

import { type LogSign, signTable } from '../../core/log-signs.ts';

const FLAG = '["\'`‘“(]{0,2}(?<flag>-{0,2}[A-Za-z][\\w.:-]{0,80}(?:=[^\\s"\'`]{0,100})?)["\'`’”)]{0,2}';

const row = (who: string, source: string, more: Partial<LogSign> = {}): LogSign => ({
  who,
  pattern: new RegExp(source),
  ...more,
});

export const UNKNOWN_FLAG = signTable([
  row('Go flag', 'flag provided but not defined: (?<flag>-\\S{1,100})'),
  row('pflag, cobra, kingpin', `[Uu]nknown (?:shorthand )?(?:long |short )?flag:? (?:'\\w' in )?${FLAG}`),
  row('cobra', 'unknown command (?<flag>"[^"]{1,100}") for "'),
  row('kingpin', '(?:unexpected|unknown) (?<flag>\\S{1,100}), try --help'),
  row('Go flag', 'flag needs an argument: (?<flag>\\S{1,100})'),
  row('pflag', 'bad flag syntax: (?<flag>\\S{1,100})'),
  row('Python argparse', '(?:error: )?unrecognized arguments: (?<flag>.{1,120})'),
  row(
    'Python argparse',
    "error: (?:argument (?<flag2>\\S{1,80}): )?(?:invalid choice: (?<flag>'[^']{1,80}')|expected one argument|the following arguments are required: (?<flag3>.{1,80}))",
  ),
  row('click, typer, optparse', `(?:Error: |error: )[Nn]o such (?:option|command):? ${FLAG}`),
  row(
    'getopt',
    `(?:unrecogni[sz]ed|invalid|illegal|unknown|ambiguous) (?:command[- ]line )?(?:option|argument|switch|parameter)(?! name)(?: --|:)? ?${FLAG}`,
  ),
  row(
    'getopt',
    "(?:option|switch) [`'\"]?(?<flag>-{0,2}[\\w-]{1,80})['\"]? (?:requires an argument|is unknown|is not recognized|doesn't allow an argument|does not take a value|is ambiguous|not recognized|unrecognized)",
  ),
  row(
    'clap',
    "unexpected argument '(?<flag>[^']{1,100})' found|Found argument '(?<flag2>[^']{1,100})' which wasn't expected|unrecognized subcommand '(?<flag3>[^']{1,100})'",
  ),
  row('clap', 'the following required arguments were not provided(?<flag>)'),
  row('Node.js', '(?:node|bun|deno): bad option: (?<flag>\\S{1,100})'),
  row('Node.js', '(?<flag>--[\\w-]{1,80}(?:=\\S{0,60})?) is not allowed in NODE_OPTIONS'),
  row('commander, yargs', "(?:error: unknown (?:option|command)|Unknown arguments?:) '?(?<flag>[^'\\s]{1,100})"),
  row('JVM', "Unrecognized (?:VM )?option:? '?(?<flag>[^\\s']{1,100})"),
  row(
    'JVM',
    "VM [Oo]ption '(?<flag>\\w{1,80})' is (?:experimental|diagnostic)|Conflicting collector combinations in option list(?<flag2>)",
  ),
  row(
    'picocli, JCommander, args4j',
    `(?:Unknown options?|Unmatched arguments?.{0,20}|Was passed main parameter|is not a valid option)[: ]{1,2}${FLAG}`,
  ),
  row('.NET', "Unrecognized command or argument '(?<flag>[^']{1,100})'"),
  row('PostgreSQL', 'unrecognized (?:configuration )?parameter "(?<flag>[^"]{1,80})"$'),
  row('MySQL, MariaDB', "unknown (?:option|variable) '(?<flag>-?-[^']{1,100})'"),
  row(
    'etcd',
    "(?:error verifying flags|error setting up initial).{0,10}(?:unknown flag: )?(?<flag>-\\S{1,80}|'\\S{1,80}').{0,40}(?:not|unknown|is not a valid)",
  ),
  row(
    'Traefik, Envoy',
    "(?:field not found, node: (?<flag>\\S{1,80})|Couldn't find match for argument|PARSE ERROR: Argument: (?<flag2>.{0,60}))",
  ),
  row('nginx, redis, haproxy', '(?:nginx: )?invalid option: "?(?<flag>[^"\\s]{1,60})'),
  row('Elasticsearch', '(?<flag>[\\w-]{1,60}) is not a recognized option'),
  row(
    'Keycloak, picocli',
    "(?:Unknown option: '(?<flag>[^']{1,80})'|Option '(?<flag2>[^']{1,80})' .{0,40}not expected)",
  ),
  row(
    'Kubernetes components',
    'unknown (?:feature gate|admission plugin) "?(?<flag>[\\w-]{1,80})|unrecognized feature gate: (?<flag2>[\\w-]{1,80})',
  ),
  row(
    'any program',
    '(?:[Uu]nsupported|[Uu]nknown|[Ii]nvalid) (?:command[- ]line )?(?:flag|option|argument|switch)s?:? ["\'`]?(?<flag>-{1,2}[A-Za-z][\\w.-]{0,80})',
  ),
]);

const SETTING = '["\'`‘“]?(?<setting>[A-Za-z_][\\w.:-]{0,80})["\'`’”]?';
const VALUE =
  '(?:"(?<value>[^"]{0,120})"|\'(?<value2>[^\']{0,120})\'|`(?<value3>[^`]{0,120})`|(?<value4>[^\\s,;]{1,120}))';

export const WRONG_VALUE = signTable([
  row('Kafka', 'Invalid value (?<value>\\S{1,120}) for configuration (?<setting>[\\w.]{1,80}):? ?(?<want>.{0,160})'),
  row('PostgreSQL', 'invalid value for parameter "(?<setting>[^"]{1,80})": "(?<value>[^"]{0,120})"'),
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
  row('any program', 'config(?:uration)? validation (?:failed|error): (?<want>.{3,200})'),
  row(
    'Loki, Mimir, Tempo, Keycloak',
    'validating config: (?<want>.{3,200})|invalid [\\w ]{1,40} config: (?<want2>.{3,200})|(?<want3>Key material not provided to setup HTTPS.{0,120})',
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
  row('Rails', 'database configuration (?:specifies nonexistent|does not specify) (?<want>.{3,80})'),
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
  row(
    'log levels',
    '(?:not a valid logrus Level|unrecognized level|unknown (?:log )?level|[Ii]nvalid log ?level|[Uu]nrecognized (?:log )?level|Unknown log level)[: ]{0,3}"?(?<value>[^\\s"]{0,40})',
  ),
  row(
    'URLs',
    '(?<want>(?:parse .{0,120}: (?:first path segment in URL cannot contain colon|missing protocol scheme|invalid (?:port|character|URI)|net/url: invalid|invalid userinfo).{0,80}|Invalid URL|[Ii]nvalid (?:URL|URI|DSN|connection string|database url).{0,120}|unsupported protocol scheme .{0,40}|no scheme.{0,20}supplied.{0,60}|ERR_INVALID_URL|Could not parse (?:SQLAlchemy URL|rfc1738 URL).{0,80}|relative URL without a base|empty host|No schema supplied.{0,60}|must start with the protocol .{0,60}|must specify one of the following schemes.{0,60}))',
  ),
  row(
    'addresses',
    '(?<want>(?:listen tcp:? .{0,80}: )?(?:address .{1,80}: (?:missing port in address|too many colons in address|invalid port)|lookup tcp/\\S{1,60}: (?:unknown port|nodename).{0,20}|invalid port .{0,60}|invalid listen address.{0,60}|port.{0,20}(?:out of range|must be (?:between|in range|>= ?0|less)).{0,60}|ERR_SOCKET_BAD_PORT.{0,60}|options\\.port should be.{0,60}))',
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
    '(?:[Ii]nvalid|[Bb]ad|[Ww]rong|[Ii]ncorrect) (?<setting>config(?:uration)?|settings?)(?: error)?[:,] (?<want>.{3,200})',
  ),
  row('Vite, envalid, zod', '(?<setting>[A-Z][A-Z0-9_]{2,80}): (?<want>(?:Invalid|Expected|must).{1,160})'),
]);
