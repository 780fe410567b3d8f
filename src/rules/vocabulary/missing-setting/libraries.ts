// How languages and their libraries word a setting that is not there. The group `name` is the variable or property.

import type { LogSign } from '../../../core/log-signs.ts';
import { row } from '../row.ts';
import { ANY, NAME } from './name.ts';

export const LIBRARIES: LogSign[] = [
  row('Python decouple', `UndefinedValueError: ${ANY} not found`),
  row('Python dynaconf', `ValidationError: ${ANY} is required in env`),
  row('Spring', `Required key '(?<name>[^']{1,120})' not found`),
  row('Spring placeholder', `Could not resolve placeholder '(?<name>[^':]{1,120})`),
  row('Micronaut', `Could not resolve placeholder \\$\\{(?<name>[^}:]{1,120})`),
  row(
    'Micronaut',
    `Error resolving property value \\[(?:\\$\\{)?(?<name>[^\\]}:]{1,120})\\}?\\]\\. Property doesn't exist`,
  ),
  row('Kafka', 'Missing required configuration ["`](?<name>[\\w.-]{2,120})["`] which has no default'),
  row('SmallRye, Quarkus', `SRCFG000(?:14|11|40): .{0,60}?(?:property|expand value) (?<name>[\\w."-]{2,120})`),
  row('MicroProfile', `No Config Value exists for (?:required property )?(?<name>[\\w.-]{2,120})`),
  row('Typesafe Config', `No configuration setting found for key '(?<name>[^']{1,120})'`),
  row('Typesafe Config', `Could not resolve substitution to a value: \\$\\{(?<name>[^}]{1,120})\\}`),
  row('Dropwizard', `environment variable '(?<name>\\w{2,80})' is not defined; could not substitute`),
  row('Spring DataSource', `Failed to configure a DataSource: '(?<name>url)' attribute is not specified`),
  row('Ruby fetch', `key not found: "?:?(?<name>[A-Z][A-Z0-9_]{1,80})"?`),
  row('dotenv for Ruby', `Missing required configuration keys?: \\[?"?(?<name>\\w{2,80})`),
  row('Rails', `Missing \`?(?<name>secret_key_base)`),
  row('Laravel', `No application encryption key has been specified(?<name>)`),
  row('Symfony, Prisma', `Environment variable not found: ["'\`]?(?<name>\\w{2,80})`),
  row('Elixir System.fetch_env!', `could not fetch environment variable "(?<name>\\w{2,80})"`),
  row('Go envconfig', `required key (?<name>\\w{2,80}) missing value`),
  row('Go sethvargo/go-envconfig', `${ANY}: missing required value: `),
  row('cleanenv', `field "(?<name>[\\w.]{1,80})" is required but the value is not provided`),
  row('Rust envy', `missing value for field (?<name>\\w{2,80})`),
  row('Rust config', `missing configuration field "(?<name>[\\w.-]{2,120})"`),
  row('Rust std::env', `(?:${NAME}.{0,60}?: NotPresent)`),
  row('Rust std::env', `on an \`Err\` value: NotPresent(?<name>)`),
  row('Rust std::env', `^(?:Error: )?environment variable not found$(?<name>)`),
  row('convict, env-var', `(?:EnvVarError: )?env-var: "(?<name>\\w{2,80})" is a required variable`),
  row('Joi in NestJS', `Config validation error: .{0,80}?"(?<name>\\w{2,80})" is required`),
  row('NestJS ConfigService', `Configuration key "(?<name>[\\w.]{2,80})" does not exist`),
  row(
    '.NET',
    `(?:[Cc]onfiguration|[Cc]onnection [Ss]tring|[Ss]ection|[Ss]etting)(?: value| key| section)? ["'](?<name>[\\w:.-]{2,100})["'] (?:was |is |could )?(?:not (?:be )?(?:found|set|configured)|missing(?! (?:the|an?|its) ))`,
  ),
  row('.NET', `ConnectionString property has not been initialized(?<name>)`),
  row(
    '.NET',
    `Value cannot be null\\. \\(Parameter '(?<name>connectionString|[\\w.]{0,40}(?:Key|Secret|Url|Uri|Host|Endpoint))'\\)`,
    {
      weak: true,
    },
  ),
  row(
    'AWS SDKs',
    `(?:You must specify a region|[Mm]issing region in config|could not find region configuration|an AWS region is required|Unable to find a region via the region provider chain)(?<name>)`,
  ),
  row('Strapi and others', `[Mm]issing \\w{2,60}.{0,40}configuration variable ["'](?<name>\\w{2,80})`),
  row('any program', `[Cc]onfig.{0,80}?\\b(?<name>[A-Z]\\w{3,60}) must be (?:provided|set|specified|configured)`),
  row('Go kong', `missing flags: .{0,120}?\\(\\$(?<name>[A-Z]\\w{2,80})\\)`),
  row('oauth2-proxy', `missing setting: (?<name>[\\w-]{2,80})`),
  row(
    'Keycloak',
    `(?<name>hostname) is not configured; either configure hostname|(?:Strict hostname resolution configured but no hostname setting provided)`,
  ),
];
