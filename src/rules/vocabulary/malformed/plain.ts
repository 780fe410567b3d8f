// How any program says in plain words that it cannot read its configuration. Groups: `file`, `at` (line), `near`.

import type { LogSign } from '../../../core/log-signs.ts';
import { row } from '../row.ts';
import { FILE, LINE, PATH } from './place.ts';

export const PLAIN: LogSign[] = [
  row(
    'any program',
    `(?:[Ee]rror|[Ff]ailed|[Ff]ailure|[Uu]nable|[Cc]annot|[Cc]ould not|[Cc]an't|[Ii]nvalid|FATAL)[\\w ]{0,20}?(?: to| in| at)? (?:parse|parsing|compile|decod(?:e|ing)|unmarshal(?:l?ing)?|deserializ(?:e|ing)|process(?:ing)?|validat(?:e|ing)|syntax in) (?:(?:the|your|JSON|YAML|TOML|XML|config(?:uration)?|settings?|rules?|file|in|from|of) ){0,4}${FILE}${LINE}:? ?(?<near>.{0,160})`,
    { weak: true },
  ),
  row(
    'any program',
    `(?:[Ee]rror|[Ff]ailed|[Ff]ailure|[Uu]nable|[Cc]annot|[Cc]ould not|[Cc]an't|[Ii]nvalid|FATAL)(?: to| in| at)? (?:parse|parsing|decod(?:e|ing)|unmarshal(?:l?ing)?|deserializ(?:e|ing)) (?:the |your |JSON |YAML |TOML )?(?:[Cc]onfig|[Ss]ettings)(?<near>.{0,160})`,
  ),
  row(
    'any program that names the file',
    '(?:^|[\\s"\'(\\[])(?<file>[\\w./-]{1,200}\\.(?:ya?ml|json5?|toml|conf|cfg|cnf|ini|xml|properties|hcl))["\']?: (?<near>(?:[Uu]nexpected|[Ee]xpected|[Ii]nvalid|[Bb]ad|[Uu]nterminated|[Dd]uplicate|[Ss]yntax|[Pp]arse|did not find|mapping|not a valid).{3,160})',
  ),
  row(
    'any program that names file and line',
    '(?:^|[\\s"\'(\\[])(?<file>[\\w./-]{1,200}\\.(?:ya?ml|json5?|toml|conf|cfg|cnf|ini|xml|properties|hcl)):(?<at>\\d{1,6})(?::\\d{1,6})?:? (?!.{0,80}(?:No such file|[Pp]ermission denied))(?<near>.{3,160})',
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
];
