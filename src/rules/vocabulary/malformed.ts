// How parsers and servers say that a configuration cannot be read. Groups: `file`, `at` (line), `near` (the words
// that are wrong). A row that is `weak` parses anything, configuration or not: only the file it names decides.

import { type LogSign, signTable } from '../../core/log-signs.ts';

const FILE = '["\'`(\\[]?(?<file>(?:/|\\./)?[\\w.@~+-]{0,80}(?:/[\\w.@~+-]{1,80}){0,12}\\.?[\\w@~+-]{1,80})["\'`)\\]]?';
const PATH = '["\'`(\\[]?(?<file>/[^\\s"\'`:)\\]]{1,300})["\'`)\\]]?';
const LINE = '(?:[:,]? ?(?:at |on |in )?(?:line )?#?(?<at>\\d{1,7}))?';

const row = (who: string, source: string, more: Partial<LogSign> = {}): LogSign => ({
  who,
  pattern: new RegExp(source),
  ...more,
});

export const MALFORMED = signTable([
  // Servers
  row(
    'nginx',
    `(?<near>(?:unknown directive|unexpected|invalid number of arguments|directive|invalid parameter|invalid value|invalid port|invalid host|duplicate|unknown|no |conflicting|"\\w+" directive|a duplicate|the |too many|could not build|zero|missing|nested|variable|block|.{0,20}is duplicate).{0,200}?) in ${PATH}:(?<at>\\d+)`,
  ),
  row('nginx', '(?<near>no "(?:events|http)" section in configuration)(?<file>)'),
  row('Apache', `Syntax error on line (?<at>\\d+) of ${PATH}`),
  row('HAProxy', '(?:config : )?parsing \\[(?<file>[^\\]:]{1,200}):(?<at>\\d+)\\] ?: (?<near>.{1,200})'),
  row('HAProxy', "config : (?<near>(?:[Pp]roxy|frontend|backend|listener) '[^']{1,80}'.{0,20}: .{1,160})"),
  row('HAProxy', `[Ee]rror\\(s\\) found in configuration file : ${PATH}`),
  row('Redis', '(?<near>(?:FATAL )?CONFIG FILE ERROR|Bad directive or wrong number of arguments)'),
  row('PostgreSQL', `syntax error in file "(?<file>[^"]{1,200})" line (?<at>\\d+)(?<near>.{0,80})`),
  row(
    'PostgreSQL',
    '(?<near>unrecognized configuration parameter "[^"]{1,80}") in file "(?<file>[^"]{1,200})" line (?<at>\\d+)',
  ),
  row('PostgreSQL', 'could not load (?<file>\\S{1,100}pg_hba.conf)'),
  row('MySQL, MariaDB', `Found option without preceding group in config file:? ${PATH}.{0,20}?line:? (?<at>\\d+)`),
  row('MySQL, MariaDB', "(?<near>unknown variable '[^']{1,120}')"),
  row('MongoDB', '(?<near>Error parsing YAML config file: .{0,160}|Unrecognized option: [\\w.]{1,100})'),
  row(
    'RabbitMQ',
    "(?<near>You've tried to set [\\w.]{1,100}, but there is no setting with that name|Failed to (?:parse|prepare) config\\w*.{0,120}|Error generating configuration in phase \\w+)",
  ),
  row('ZooKeeper', `ConfigException: Error processing ${PATH}`),
  row('Elasticsearch, OpenSearch', '(?<near>unknown setting \\[[\\w.]{1,120}\\].{0,80})'),
  row('Elasticsearch, OpenSearch', 'Failed to load settings from \\[?(?<file>[\\w./-]{1,160})'),
  row(
    'Kibana',
    '(?<near>\\[config validation of \\[\\w+\\]\\][\\w.]{0,60}: definition for this key is missing|Unknown configuration key\\(s\\): .{1,80})',
  ),
  row('Logstash', '(?<near>LogStash::ConfigurationError.{0,60}|Expected one of \\[ ?\\\\t.{0,100})'),
  row('Fluentd', `config error file="(?<file>[^"]{1,200})"|Fluent::Config(?:Parse)?Error: ?(?<near>.{0,160})`),
  row('Fluent Bit', "(?<near>section '\\w{0,40}' is not a valid section name|configuration file contains errors)"),
  row(
    'Fluent Bit',
    '(?:error in|error parsing|undefined value|section .{0,30} is missing).{0,20}?(?<file>/[^\\s:]{1,160}):(?<at>\\d+)',
  ),
  row(
    'Prometheus, Alertmanager, Loki, Tempo, Mimir',
    `(?:[Ee]rror loading config(?: from:)?|parsing YAML file|failed parsing config:?|[Ll]oading configuration file failed).{0,40}?${PATH}:? ?(?<near>.{0,200})`,
  ),
  row(
    'Envoy',
    "(?:error initializing config(?:uration)?|[Uu]nable to (?:parse|convert)) ?'?(?<file>/[^\\s']{1,160})?'?.{0,40}(?<near>(?:as proto|INVALID_ARGUMENT|unknown fields|Protobuf message|YAML as JSON).{0,160})",
  ),
  row(
    'Caddy',
    `(?:adapting config|parsing caddyfile|loading (?:initial )?config).{0,60}?(?<file>[\\w./-]{0,120}Caddyfile):(?<at>\\d+):? (?<near>.{0,160})`,
  ),
  row('NATS', `${PATH}:(?<at>\\d+):\\d+: (?<near>(?:Parse error|unknown field|variable reference|duplicate).{0,160})`),
  row('CoreDNS', `${PATH}:(?<at>\\d+) - Error during parsing: (?<near>.{1,160})`),
  row(
    'Vault, Consul, Nomad',
    `(?:error loading configuration from|[Ff]ailed to parse|[Ee]rror parsing) ${PATH}:? (?<near>.{0,200})`,
  ),
  row(
    'OpenTelemetry collector',
    '(?<near>cannot (?:unmarshal|resolve|load) the configuration.{0,200}|invalid configuration: .{1,160}|failed to get config: .{1,200})',
  ),
  row(
    'Telegraf, Vector, Filebeat',
    `(?:[Ee]rror loading config(?: file)?|Configuration error\\.|loading config file) ?(?:failed)?:? ?(?!.{0,60}must be owned)(?:${PATH})?(?<near>.{0,200})`,
  ),
  row(
    'supervisord, configparser',
    "(?:File|Source) contains (?:parsing errors|no section headers)[.:]? ?'?(?<file>[\\w./<>?-]{0,160})",
  ),
  row('PHP', `[Ss]yntax error, (?<near>unexpected .{1,80}) in ${PATH} on line (?<at>\\d+)`),
  row('PHP-FPM', '\\[(?<file>/[^\\]:]{1,160}):(?<at>\\d+)\\] (?<near>.{1,120})'),
  row('Mosquitto', '(?<near>Unknown configuration variable "?[^"]{1,80})'),
  row('Squid', `Bungled ${PATH} line (?<at>\\d+): (?<near>.{1,120})`),
  row(
    'BIND, Unbound',
    `${PATH}:(?<at>\\d+): (?<near>(?:error: syntax error|unknown option|expected|missing|syntax error).{0,100})`,
  ),
  row('Varnish', '(?<near>VCL compilation failed)'),
  row(
    'Traefik',
    '(?:command traefik error|Error reading configuration).{0,40}(?<near>(?:yaml|toml|field not found|failed to decode).{1,160})',
  ),
  row(
    'Alertmanager, Prometheus',
    '(?:[Ll]oading|[Ee]rror loading) config(?:uration)?(?: file)?(?: failed)?:(?<near>.{1,200})',
  ),
  // Libraries that read configuration only
  row('.NET', "Failed to load configuration from file '(?<file>[^']{1,200})'"),
  row(
    'Spring Boot',
    '(?<near>(?:snakeyaml|yaml)\\.\\w{0,12}\\.?(?:ScannerException|ParserException|DuplicateKeyException|ComposerException).{0,160})',
  ),
  row('Java XML, logback', '(?<near>(?:SAXParseException|JoranException)[;:].{0,160})'),
  row('Java properties', '(?<near>Malformed \\\\\\\\uxxxx encoding)'),
  row('YAML, Python and Perl', '(?<near>yaml\\.\\w+\\.(?:Scanner|Parser|Composer|Constructor|Reader)Error.{0,120})'),
  row(
    'YAML, Go',
    '(?<near>yaml: (?:line (?<at>\\d+): )?(?:mapping values|did not find|could not find|found (?:character|unexpected|duplicate|unknown)|unmarshal errors?|cannot unmarshal|control characters|invalid|block sequence|unknown anchor|input error).{0,160})',
  ),
  row(
    'YAML, Ruby',
    '(?<near>Psych::SyntaxError.{0,40}|did not find expected .{0,60}while parsing .{0,80}at line (?<at>\\d+))',
  ),
  row('YAML, JavaScript', '(?<near>YAML(?:Exception|ParseError|SemanticError): .{1,160})'),
  row('YAML to JSON', '(?<near>error (?:converting YAML to JSON|unmarshaling JSON).{0,160})'),
  row(
    'TOML',
    '(?<near>(?:TOMLDecodeError|TomlDecodeError|TOML parse error|toml: (?:line|error|cannot|expected|incomplete)).{0,160})',
  ),
  row(
    'INI',
    '(?<near>(?:configparser\\.)?(?:MissingSectionHeaderError|DuplicateOptionError|DuplicateSectionError|ParsingError|InterpolationSyntaxError).{0,120})',
  ),
  row(
    'HCL',
    '(?<near>(?:Argument or block definition required|Invalid (?:block|argument) definition|At \\d+:\\d+: (?:expected|illegal|object|nested)).{0,120})',
  ),
  row(
    'PEM',
    '(?<near>failed to find any PEM data|no PEM (?:data|block)|could not (?:decode|parse) PEM|PEM routines.{0,40}(?:no start line|bad base64)|illegal base64 data at input byte \\d+).{0,20}',
  ),
  row(
    'durations in Go',
    '(?<near>time: (?:missing unit in|unknown unit|invalid) duration.{0,80}|not a valid duration(?: string)?:? .{0,60}|time: unknown unit .{0,60})',
  ),
  row(
    'any program',
    `(?:[Ee]rror|[Ff]ailed|[Ff]ailure|[Uu]nable|[Cc]annot|[Cc]ould not|[Cc]an't|[Ii]nvalid|FATAL)[\\w ]{0,20}?(?: to| in| at)? (?:parse|parsing|compile|decod(?:e|ing)|unmarshal(?:l?ing)?|deserializ(?:e|ing)|process(?:ing)?|validat(?:e|ing)|syntax in) (?:(?:the|your|JSON|YAML|TOML|XML|config(?:uration)?|settings?|rules?|file|in|from|of) ){0,4}${FILE}${LINE}:? ?(?<near>.{0,160})`,
    { weak: true },
  ),
  row(
    'any program',
    `(?:[Ee]rror|[Ff]ailed|[Ff]ailure|[Uu]nable|[Cc]annot|[Cc]ould not|[Cc]an't|[Ii]nvalid|FATAL)(?: to| in| at)? (?:parse|parsing|decod(?:e|ing)|unmarshal(?:l?ing)?|deserializ(?:e|ing)) (?:the |your |JSON |YAML |TOML )?(?:[Cc]onfig|[Ss]ettings)(?<near>.{0,160})`,
  ),
  row('any program', `(?<near>(?:syntax|parse|parsing) error.{0,60}?)(?: in| at| of|:) (?:file )?${PATH}${LINE}`),
  row(
    'any program',
    `(?:[Mm]alformed|[Ii]nvalid|[Bb]ad|[Bb]roken|[Cc]orrupt(?:ed)?) (?:YAML|JSON|TOML|XML|INI|HCL|config(?:uration)? (?:file|syntax))(?<near>.{0,160})`,
  ),
  row(
    'any program',
    `(?:[Cc]onfig(?:uration)?(?: file)?|[Ss]ettings(?: file)?) (?:is |has |contains |could )?(?:not (?:be )?(?:parsed|valid (?:JSON|YAML|TOML)|decoded)|(?:syntax |parse |parsing )?errors?|invalid (?:JSON|YAML|TOML|syntax))(?<near>.{0,120})`,
    { weak: true },
  ),
  // Parsers of anything
  row('Erlang', '(?<near>\\b(?:not_json|invalid_json)\\b)', { weak: true }),
  row('JSON, Python', '(?<near>JSONDecodeError: .{1,120})', { weak: true }),
  row(
    'JSON, JavaScript',
    '(?<near>SyntaxError: (?:Unexpected (?:token|end of JSON|non-whitespace|string|number)|Expected .{1,40} in JSON|Bad control character|JSON\\.parse|.{1,60} in JSON at position).{0,120}|JSONError: .{1,120})',
    { weak: true },
  ),
  row(
    'JSON, Go',
    "(?<near>invalid character '.{1,6}' (?:looking for|after|in) .{1,80}|unexpected end of JSON input|json: (?:cannot unmarshal|unknown field) .{1,100})",
    { weak: true },
  ),
  row(
    'JSON, Java',
    '(?<near>(?:JsonParseException|JsonMappingException|MismatchedInputException|UnrecognizedPropertyException|JsonSyntaxException|MalformedJsonException).{0,160})',
    { weak: true },
  ),
  row('JSON, Ruby', '(?<near>JSON::ParserError.{0,120})', { weak: true }),
  row(
    'JSON, .NET',
    '(?<near>(?:System\\.Text\\.Json\\.Json(?:Reader)?Exception|Newtonsoft\\.Json\\.Json\\w+Exception).{0,160})',
    { weak: true },
  ),
  row(
    'serde',
    '(?<near>(?:expected .{1,60}|missing field `\\w+`|unknown field `\\w+`.{0,80}|invalid type: .{1,80}|trailing (?:comma|characters)|EOF while parsing .{1,20}) at line (?<at>\\d+) column \\d+)',
    { weak: true },
  ),
  row('Python', '^\\s{0,8}(?<near>(?:SyntaxError|IndentationError|TabError): .{1,120})', { weak: true }),
]);

/** Files that hold configuration, by their names. */
export const CONFIG_FILE =
  /(?:\.(?:ya?ml|json5?|toml|conf|cfg|cnf|ini|properties|xml|hcl|env|config|rules|drl|vcl|tf|cue|jsonnet|acl|hocon)|Caddyfile|Corefile|Dockerfile|rc)$/;
