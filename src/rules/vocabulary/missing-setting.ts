// How programs say that a setting they need from outside is not there. The group `name` is the variable or property;
// rows without it know that something is missing, but not what it is called.

import { type LogSign, signTable } from '../../core/log-signs.ts';

// A variable's name in capitals with an underscore speaks for itself; a plain word needs the words around it.
const NAME = '\\b(?<name>[A-Z][A-Z0-9]{0,60}_[A-Z0-9_]{1,80})';
const ANY = '(?<name>[A-Za-z_][\\w.:-]{1,100})';
const Q = '["\'`“”‘’]{0,2}';
const ABSENT =
  "(?:not (?:been )?(?:set|found|defined|specified|provided|present|configured|given|exist|available|supplied)|un(?:set|defined)|missing(?! unit)|required|empty|blank|null|absent|(?:must|should|has to|needs? to|have to) (?:be (?:set|defined|specified|provided|present|configured|given|non-?empty|supplied)|not be (?:empty|blank|null|[Nn]one|nil)|exist)|(?:cannot|can't|can not|may not|must not|should not) be (?:empty|blank|null|[Nn]one|nil|undefined|unset|missing)|mandatory)";
const VARIABLE = '(?:[Ee]nv(?:ironment)?|ENV)(?:[ -]?(?:[Vv]ar(?:iable)?s?|VAR))?';

const row = (who: string, source: string, more: Partial<LogSign> = {}): LogSign => ({
  who,
  pattern: new RegExp(source),
  ...more,
});

export const MISSING_SETTING = signTable([
  // Languages and libraries with a wording of their own
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
    `(?:[Cc]onfiguration|[Cc]onnection [Ss]tring|[Ss]ection|[Ss]etting)(?: value| key| section)? ["'](?<name>[\\w:.-]{2,100})["'] (?:was |is |could )?(?:not (?:be )?(?:found|set|configured)|missing)`,
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
  // Well-known images
  row('postgres image', `superuser password is not specified(?<name>)`),
  row('mysql and mariadb images', `Database is uninitialized and password option is not specified(?<name>)`),
  row('mongo image', `missing '(?<name>MONGO_INITDB_ROOT_\\w{4,12})'`),
  row('bitnami images', `The ${NAME} environment variable is empty or not set`),
  row('pgadmin image', `You need to (?:define|specify) the (?<name>PGADMIN_\\w{4,60})`),
  row(
    'Confluent images',
    `^(?<name>(?:KAFKA|ZOOKEEPER|SCHEMA_REGISTRY|CONNECT|CONTROL_CENTER)_[A-Z_]{2,80}) is required`,
  ),
  row(
    'Datadog agent',
    `(?<name>DD_API_KEY) environment variable to run|API key (?:must be|is not) (?:provided|set|configured)`,
  ),
  // Shells
  row('shell notation', `\\$\\{?(?<name>[A-Z][A-Z0-9_]{1,60})\\}? (?:is |was )?${ABSENT}`),
  row('set -u, ${NAME:?}', `(?<name>[A-Za-z_]\\w{1,80}): (?:unbound variable|parameter (?:null or )?not set)`),
  row('${NAME:?message}', `line \\d{1,5}: ${NAME}: .{0,60}${ABSENT}`),
  // Whatever a program says in plain words
  row(
    'plain words',
    `${VARIABLE}:? ${Q}\\$?\\{?${ANY}\\}?${Q}:?,? (?:is |was |has |does |must |value |needs? |should |cannot |can't )?[\\w ]{0,20}?${ABSENT}`,
  ),
  row(
    'plain words',
    `(?:[Mm]issing|[Uu]ndefined|[Uu]nset|[Ee]mpty|[Rr]equired?|[Nn]o|[Nn]eeds?|(?:[Mm]ust|[Pp]lease) set|[Dd]efine|[Ss]pecify|[Pp]rovide|[Nn]ot found|[Uu]nable to find|[Cc]ould not find|[Cc]annot find|lookup)[ :](?:(?:the|a|an|required|mandatory|following|necessary|needed|of|or|empty|one or more) ){0,3}${VARIABLE}(?: ?\\(s\\))?(?: named| called| for)?:? ?[\\[({]?${Q}\\$?${NAME}`,
  ),
  row(
    'plain words',
    `${Q}\\$?\\{?${NAME}\\}?${Q} ?(?:\\([^)]{0,60}\\) )?(?:(?:env(?:ironment)?|config(?:uration)?) )?(?:var(?:iable)?s? |setting |option |key |value |parameter )?(?:is |was |are |has |have |does |must |but |should |not |cannot |can't |: )?.{0,12}?${ABSENT}`,
  ),
  row(
    'plain words',
    `(?:[Mm]issing|MISSING|[Uu]nset|[Pp]lease (?:set|provide|specify|define)|[Mm]ust (?:set|provide|specify|define)|[Nn]eed to (?:set|specify)|[Nn]o value (?:for|given for)|[Rr]equires?)(?: required| mandatory| env| config| the| a| an| configuration| value| setting| key| parameter| for)*[: ]{0,2}${Q}\\$?${NAME}`,
  ),
  row(
    'plain words',
    `${NAME}: (?:[Rr]equired|undefined|missing|[Ff]ield required|Invalid input: expected \\w{3,12}, received undefined)`,
  ),
  row('zod, as JSON', `"path": ?\\[ ?"${NAME}" ?\\].{0,80}(?:Required|received undefined)`),
  row(
    'Django, plain words',
    `(?:^|[:.] )(?:[Pp]lease )?(?:[Ss]et|[Dd]efine|[Pp]rovide) (?:the |your |an? )?${Q}${NAME}${Q} (?:env|ENV)`,
  ),
  row('Strapi', `\\b[Aa]re required\\. Please set (?<name>[a-z]\\w*(?:\\.\\w+)+) in`),
  row('jsonwebtoken', '(?<name>secretOrPrivateKey) must have a value'),
  row('t3-env', `[Ii]nvalid environment variables?:? ?[\\[{] ?"?(?<name>[A-Z]\\w{2,80})"?: ?(?:\\[|‹)`),
  row('NextAuth.js, Auth.js', `Please define a [\`'](?<name>secret)[\`']|MissingSecret(?:Error)?\\b`),
  row('Superset', `Refusing to start due to insecure (?<name>SECRET_KEY)`),
  row(
    'plain words',
    `\\b[Nn]o (?:valid )?${Q}${NAME}${Q} (?:env\\w* )?(?:variable )?(?:was |is )?(?:provided|given|set|found|specified|configured|supplied|present)`,
  ),
  // A key alone, whose place tells whether it is a variable
  row('Python KeyError', `^KeyError: '(?<name>[A-Z][A-Z0-9_]{1,80})'`, { weak: true }),
  row('PHP', `Undefined (?:array key|index):? "?(?<name>[A-Z][A-Z0-9_]{2,80})"?`, { weak: true }),
]);

/** pydantic, environs, envalid, dotenv-safe: the heading says what it is about, the names stand on lines of their own. */
export const HEADING =
  /\bvalidation errors? for \w{0,40}(?:Settings|Config|Env)|Invalid environment variables|Missing environment variables|defined in \.env\.example but are not present|environment variables? (?:is|are) (?:missing|required)|variables failed assertions|Missing required configuration|(?:these|the following) (?:environment |env )?variables (?:are|be|to be) (?:set|defined)/i;
export const LISTED =
  /^[\s*•·-]{0,8}(?<name>[A-Za-z_]\w{2,80})(?::| \(| is missing|\s*$|\b.*(?:[Rr]equired|undefined|missing))/;

/** Names that images want where their message does not give one in the same line. */
export const KNOWN_NAMES: [RegExp, string][] = [
  [/superuser password is not specified/, 'POSTGRES_PASSWORD'],
  [/Database is uninitialized and password option/, 'MYSQL_ROOT_PASSWORD'],
  [/No application encryption key/, 'APP_KEY'],
  [/secret_key_base/, 'SECRET_KEY_BASE'],
  [/Please define a [`']secret|MissingSecret/, 'NEXTAUTH_SECRET'],
  [/specify a region|[Mm]issing region|region configuration|AWS region|region provider chain/, 'AWS_REGION'],
  [/API key (?:must be|is not)/, 'DD_API_KEY'],
];
