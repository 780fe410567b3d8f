// How parsers of anything say what is wrong: configuration or not, only the file they read decides. Groups: `at`, `near`.

import type { LogSign } from '../../../core/log-signs.ts';
import { row } from '../row.ts';

export const PARSERS: LogSign[] = [
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
];
