// How libraries say that a configuration in their format cannot be read: YAML, TOML, INI, XML, HCL, PEM, durations.
// Groups: `file`, `at` (line), `near`.

import type { LogSign } from '../../../core/log-signs.ts';
import { row } from '../row.ts';

export const FORMATS: LogSign[] = [
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
];
