// How shells and any program say in plain words that a variable is not there. The group `name` is the variable.

import type { LogSign } from '../../../core/log-signs.ts';
import { row } from '../row.ts';
import { ANY, NAME } from './name.ts';

const Q = '["\'`“”‘’]{0,2}';
const ABSENT =
  "(?:not (?:been )?(?:set|found|defined|specified|provided|present|configured|given|exist|available|supplied)|un(?:set|defined)|missing(?! (?:unit|the|an?|its|required) )|required|empty|blank|null|absent|(?:must|should|has to|needs? to|have to) (?:be (?:set|defined|specified|provided|present|configured|given|non-?empty|supplied)|not be (?:empty|blank|null|[Nn]one|nil)|exist)|(?:cannot|can't|can not|may not|must not|should not) be (?:empty|blank|null|[Nn]one|nil|undefined|unset|missing)|mandatory)";
const VARIABLE = '(?:[Ee]nv(?:ironment)?|ENV)(?:[ -]?(?:[Vv]ar(?:iable)?s?|VAR))?';

export const PLAIN: LogSign[] = [
  row('shell notation', `\\$\\{?(?<name>[A-Z][A-Z0-9_]{1,60})\\}? (?:is |was )?${ABSENT}`),
  row('set -u, ${NAME:?}', `(?<name>[A-Za-z_]\\w{1,80}): (?:unbound variable|parameter (?:null or )?not set)`),
  row('${NAME:?message}', `line \\d{1,5}: ${NAME}: .{0,60}${ABSENT}`),
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
];
