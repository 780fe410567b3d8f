// How databases, web servers and other servers refuse the files that configure them. Groups: `file`, `at` (line), `near`.

import type { LogSign } from '../../../core/log-signs.ts';
import { row } from '../row.ts';
import { PATH } from './place.ts';

export const SERVERS: LogSign[] = [
  row(
    'nginx',
    `(?<near>(?:unknown directive|unexpected|invalid number of arguments|directive|invalid parameter|invalid value|invalid port|invalid host|duplicate|unknown|no |conflicting|"\\w+" directive|a duplicate|the |too many|could not build|zero|missing|nested|variable|block|.{0,20}is duplicate).{0,200}?) in (?!\\S{1,300}\\.(?:php|py|rb|[cm]?[jt]s|go|java|p[lm]|exs?|rs|cc?|cpp|cs)\\b)${PATH}:(?<at>\\d+)`,
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
  row(
    'Fluent Bit',
    "(?<near>section '\\w{0,40}' is (?:not a valid section name|missing the '\\w{1,40}' property)|configuration file contains errors)",
  ),
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
    "(?:error initializing config(?:uration)?|[Uu]nable to (?:parse|convert)) ?'?(?<file>/[^\\s']{1,160})?'?.{0,40}(?<near>(?:as proto|INVALID_ARGUMENT(?!: invalid value for)|unknown fields|Protobuf message|YAML as JSON).{0,160})",
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
    '(?<near>cannot (?:unmarshal|resolve|load) the configuration.{0,200}|invalid configuration: (?!no configuration has been provided).{1,160}|failed to get config: .{1,200})',
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
  row(
    'Postfix, Dovecot and others that name file and line',
    '(?<file>/[^\\s,:]{1,200}\\.(?:conf|cf|cnf|cfg|ini|ya?ml|toml|json|xml|properties)),? (?:at |on )?line (?<at>\\d{1,6}): (?!.{0,80}(?:No such file|[Pp]ermission denied))(?<near>.{3,160})',
  ),
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
];
