// How argument parsers refuse a flag or argument. The group `flag` is what they refuse.

import { signTable } from '../../core/log-signs.ts';
import { row } from './row.ts';

const FLAG = '["\'`‘“(]{0,2}(?<flag>-{0,2}[A-Za-z][\\w.:-]{0,80}(?:=[^\\s"\'`]{0,100})?)["\'`’”)]{0,2}';

export const UNKNOWN_FLAG = signTable([
  row('Go flag', 'flag provided but not defined: (?<flag>-\\S{1,100})'),
  row('pflag, cobra, kingpin', `[Uu]nknown (?:shorthand )?(?:long |short )?flag:? (?:'\\w' in )?${FLAG}`),
  row('cobra', 'unknown command (?<flag>"[^"]{1,100}") for "'),
  row('kingpin', '(?:unexpected|unknown) (?<flag>\\S{1,100}), try --help'),
  row('Go flag', 'flag needs an argument: (?<flag>\\S{1,100})'),
  row('clap', 'the following required arguments were not provided(?<flag>)'),
  row(
    'kingpin, cobra, pflag',
    'required (?:flag|argument|option)(?:s|\\(s\\))? \\[?["\'`]?(?<flag>-{0,2}[\\w-]{1,80})["\'`]?(?:, ["\'`]?[\\w", -]{1,120})? not (?:provided|set)',
  ),
  row('pflag', 'bad flag syntax: (?<flag>\\S{1,100})'),
  row('Python argparse', '(?:error: )?unrecognized arguments: (?<flag>.{1,120})'),
  row(
    'Python argparse',
    "error: (?:argument (?<flag2>\\S{1,80}): )?(?:invalid choice: (?<flag>'[^']{1,80}')|expected one argument|the following arguments are required: (?<flag3>.{1,80}))",
  ),
  row('click, typer, optparse', `(?:Error: |error: )[Nn]o such (?:option|command):? ${FLAG}`),
  row(
    'getopt',
    `(?:unrecogni[sz]ed|invalid|illegal|unknown|ambiguous) (?:command[- ]line )?(?:option|argument|switch|parameter)(?! name| (?:for|of|in|value)\\b)(?: --|:)? ?${FLAG}`,
  ),
  row(
    'getopt',
    "(?:option|switch) [`'\"]?(?<flag>-{0,2}[\\w-]{1,80})['\"]? (?:requires an argument|is unknown|is not recognized|doesn't allow an argument|does not take a value|is ambiguous|not recognized|unrecognized)",
  ),
  row(
    'clap',
    "unexpected argument '(?<flag>[^']{1,100})' found|Found argument '(?<flag2>[^']{1,100})' which wasn't expected|unrecognized subcommand '(?<flag3>[^']{1,100})'",
  ),
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
