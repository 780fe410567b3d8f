// How programs say that a file is not there. The group `path` is the file where the line names it.
// Libraries, modules, commands and interpreters have words of their own and are not listed here.

import { signTable } from '../../core/log-signs.ts';
import { row } from './row.ts';

const PATH = '["\'`‘“<]?(?<path>(?:/|\\./|\\.\\./|[A-Za-z]:\\\\|~/)[^\\s"\'`’”:;,)>\\]]{1,300})["\'`’”>]?';
const LOOSE = '["\'`‘“<]?(?<path>[^\\s"\'`’”:;,)<>\\]]{0,300}[./][^\\s"\'`’”:;,)<>\\]]{1,200})["\'`’”>]?';
const GONE =
  '(?:[Nn]o such file|cannot find the (?:file|path)|[Dd]oes not exist|doesn.t exist|(?<![Cc]an)[Nn]ot found|ENOENT|is missing|could not be found)';

export const MISSING_FILE = signTable([
  row(
    'any program',
    `(?:[Ff]ile|[Dd]irectory|[Ff]older|[Pp]ath|[Cc]onfig(?:uration)?|[Cc]ertificate|[Kk]ey) (?:was |is |could |does )?(?:not (?:be )?(?:found|exist)|missing)(?: at| in)?:? ${PATH}`,
  ),
  row('Python', `FileNotFoundError: \\[Errno 2\\] .{0,60}?: ["']?b?["']?(?<path>[^"']{1,300})["']`),
  row('Node.js', `ENOENT: no such file or directory, \\w{2,12} '(?<path>[^']{1,300})'`),
  row('Go', `\\b(?:open|stat|lstat|read|readlink|chdir|readdirent|scandir|load|reading|loading) ${PATH}: no such file`),
  row(
    'Java',
    `(?:FileNotFoundException|NoSuchFileException): ${PATH}(?: \\((?:No such file|The system cannot)[^)]{0,60}\\))?`,
  ),
  row(
    'Java, Spring',
    `(?:class path resource|file|URL) \\[(?<path>[^\\]]{1,300})\\] (?:cannot be (?:opened|resolved)|does not exist)`,
  ),
  row('.NET', `Could not find (?:a part of the path|file) '(?<path>[^']{1,300})'`),
  row('.NET', `The configuration file '(?<path>[^']{1,300})' was not found and is not optional`),
  row('.NET, OpenSSL', 'BIO routines:.{0,40}no such file(?<path>)'),
  row('Next.js', "Could not find a production build in the '(?<path>[\\w./-]{1,80})' directory"),
  row('Ruby', `No such file or directory @ \\w{2,40} - ${PATH}`),
  row(
    'PHP',
    `(?:fopen|file_get_contents|require|include|require_once|include_once)\\(${PATH}\\): [Ff]ailed to open stream: No such file`,
  ),
  row('Rust', `kind: NotFound, message: "No such file or directory"(?<path>)`),
  row('Rust', `(?:Error: )?No such file or directory \\(os error 2\\)(?<path>)`),
  row('Elixir, Erlang', `could not (?:read|open|stream) (?:file )?${PATH}: no such file`),
  row(
    'nginx',
    `(?:open|stat|fopen|BIO_new_file|SSL_CTX_\\w{1,40}|cannot load certificate(?: key)?)\\(?:? ?\\(?${PATH}\\)? failed .{0,80}?No such file`,
  ),
  row('nginx certificate', `cannot load certificate(?: key)? ${PATH}: .{0,100}?No such file`),
  row(
    'Apache',
    `(?:Could not open configuration file|SSLCertificate(?:Key)?File:? (?:file )?|Cannot load) ${PATH}:? ?(?:into server: )?.{0,60}?(?:does not exist|No such file)`,
  ),
  row('HAProxy', `unable to (?:load|open|stat) .{0,60}?${PATH}.{0,60}?(?:No such file|not found)?`),
  row('Redis', `Fatal error, can't open config file ${PATH}: No such file`),
  row('MySQL', `Could not open required defaults file: ${PATH}`),
  row('PostgreSQL', `could not (?:open|access|load) .{0,40}?${PATH}: No such file`),
  row('MongoDB', `Error opening config file: No such file|Error reading config file: No such file(?<path>)`),
  row('PHP', 'Could not open input file: (?<path>\\S{1,200})'),
  row('CockroachDB', `problem with (?:CA|node|UI) certificate: not found(?<path>)`),
  row('Hugging Face', 'does not appear to have a file named (?<path>[\\w./-]{1,200})'),
  row(
    'config libraries',
    `[Cc]onfig(?:uration)? [Ff]ile (?:at |in |named )?${LOOSE} ?(?:was |is |could |does |has )?(?:not (?:be )?(?:found|exist|opened|read)|missing|could not)`,
  ),
  row('viper', `Config File "(?<path>[^"]{1,100})" Not Found in`),
  row(
    'any program',
    `(?:[Oo]pen(?:ing|ed)?|[Rr]ead(?:ing)?|[Ll]oad(?:ing)?|[Ss]tat|[Aa]ccess|[Ff]ind|[Ll]ocate|[Pp]ars(?:e|ing)|[Ii]mport(?:ing)?|[Uu]se|[Ff]ile|[Dd]irectory|[Pp]ath|[Cc]ertificate|[Kk]ey|[Cc]onfig(?:uration)?)[: ](?:[\\w ]{0,40}[: ])?${PATH}.{0,80}?${GONE}`,
  ),
  row(
    'any program',
    `(?:[Cc]annot|[Cc]an't|[Cc]ould not|[Cc]ouldn't|[Uu]nable to|[Ff]ailed to|[Ee]rror) (?:open|read|load|find|access|locate|stat)(?:ing)? (?!command).{0,60}?${PATH}`,
    { weak: true },
  ),
  row('any program', `(?<!\\w)${PATH}(?:: | |")+[^/]{0,40}?${GONE}`),
  row('any program', `[Nn]o such file or directory(?:: | - | @ |[,;] )?.{0,40}?${PATH}`),
  row('any program', `(?:[Nn]o such file or directory|ENOENT)(?<path>)`, { weak: true }),
  row('SQLite, when there is no folder to make it in', `unable to open (?:the )?database file(?<path>)`, {
    weak: true,
  }),
]);

/** A path in a line before: "[sampler] reading /etc/sampler/sampler.toml". */
export const PATH_BEFORE = new RegExp(`(?:^|[\\s"'=(])${PATH}`);
