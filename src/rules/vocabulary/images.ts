// How languages and loaders say that a library, module, class or package is not in the image. The group `name` is
// what is missing; `by` is what asked for it.

import { signTable } from '../../core/log-signs.ts';
import { row } from './row.ts';

export const NO_LIBRARY = signTable([
  row(
    'glibc',
    'error while loading shared libraries: (?<name>[^\\s:]{1,160}): (?:cannot open|wrong ELF class|invalid ELF|file too short)',
  ),
  row(
    'glibc',
    'version [`\'"](?<name>(?:GLIBC|GLIBCXX|CXXABI|GCC|OPENSSL|LIBC|ZLIB|libssl|lib\\w{1,30})\\w{0,20}[\\w.]{1,24})[\'"`] not found',
  ),
  row('glibc', '(?:symbol lookup error: |undefined symbol: )(?:.{0,200}undefined symbol: )?(?<name>[\\w@.]{1,160})'),
  row('musl', 'Error loading shared library (?<name>[^\\s:]{1,160}): .{1,60}(?:\\(needed by (?<by>[^)]{1,160})\\))?'),
  row('musl', 'Error relocating (?<by>[^\\s:]{1,160}): (?<name>\\S{1,120}): symbol not found'),
  row('any language', '(?<name>[\\w+.-]{0,80}\\.so(?:\\.[\\d.]{1,12})?): cannot open shared object file'),
  row(
    'any language',
    '(?<name>[\\w+.-]{1,80}\\.(?:so|node)(?:\\.[\\d.]{1,12})?): (?:undefined symbol|invalid ELF header|wrong ELF class|cannot enable executable stack)',
  ),
  row(
    'Java',
    'UnsatisfiedLinkError: (?:no (?<name>\\S{1,80}) in (?:java\\.library\\.path|system library path)|(?:.{0,120}?(?:Error loading shared library|: )(?<name2>[\\w.+-]{1,80}\\.so[\\d.]{0,12})))',
  ),
  row(
    'Java',
    "UnsatisfiedLinkError: .{0,60}?(?<name>Unable to load library '?\\S{1,60}|Could not load \\S{1,80}|\\S{1,80})",
  ),
  row('.NET', "DllNotFoundException: Unable to load (?:shared library|DLL) '(?<name>[^']{1,120})'"),
  row('.NET', "Couldn't find a valid (?<name>ICU) package"),
  row(
    '.NET',
    '(?:No usable version of (?<name>lib\\w{1,20})|(?<name2>libhostfxr\\.so|libhostpolicy\\.so)).{0,80}(?:found|could not)',
  ),
  row(
    'Prisma',
    '(?:Unable to require\\(?.{0,160}(?<name>libquery_engine[\\w.-]{0,60})|could not locate the Query Engine|(?<name2>Query engine library) for current platform)',
  ),
  row(
    'Node.js',
    '(?:Something went wrong installing the "(?<name>sharp)" module|Could not load the "(?<name2>sharp)" module)',
  ),
  row('macOS and others', 'Library not loaded: (?<name>\\S{1,160})'),
  row('PHP', "(?:Unable to load dynamic library|PHP Startup: Unable to load dynamic library) '(?<name>[^']{1,120})'", {
    weak: true,
  }),
  row('nginx', 'dlopen\\(\\) "(?<name>[^"]{1,160})" failed'),
  row('qemu, gVisor, bash', '(?<name>ld-(?:linux|musl)[\\w.-]{1,40}): (?:[Nn]o such file|cannot open)'),
  row('PostgreSQL', 'could not (?:load library|access file) "(?<name>[^"]{1,160})"'),
  row('Windows', 'DLL load failed(?: while importing (?<name>\\w{1,60}))?'),
]);

export const NO_MODULE = signTable([
  row('Python', "ModuleNotFoundError: No module named '?(?<name>[\\w.]{1,160})'?"),
  row('Python', "ImportError: No module named '?(?<name>[\\w.]{1,160})'?"),
  row(
    'Python',
    "ImportError: cannot import name '(?<name>\\w{1,120})' from (?:partially initialized module )?'?(?<by>[\\w.]{1,160})",
  ),
  row(
    'Python -m',
    "(?:python[\\d.]*|^): (?:No module named (?<name>[\\w.]{1,120})|Error while finding module specification for '(?<name2>[^']{1,120})')",
  ),
  row(
    'uvicorn, gunicorn, celery',
    '(?:Error loading ASGI app|Could not import module|Unable to load celery application|The module|Failed to find (?:application object|attribute))[.: ]{0,3}(?:Could not import module )?["\']?(?<name>[\\w.:]{1,120})["\']?(?: was not found| in)?',
  ),
  row(
    'Django',
    "(?:Could not find backend|No installed app with label|Error loading (?:psycopg2|MySQLdb|mysqlclient)[\\w ]{0,30}module) ?'?(?<name>[\\w.]{0,80})",
  ),
  row('Node.js', "Cannot find (?:module|package) '(?<name>[^']{1,200})'(?: imported from (?<by>\\S{1,200}))?"),
  row(
    'Node.js',
    '(?:ERR_PACKAGE_PATH_NOT_EXPORTED|No "exports" main defined|does not provide an export named) ?\\]?:? ?\'?(?<name>[^\']{0,120})',
  ),
  row('Deno, Bun', '(?:Module not found|error: Cannot find (?:module|package)):? "?(?<name>[^"\\s]{1,160})'),
  row(
    'Java',
    '(?:ClassNotFoundException|NoClassDefFoundError): (?:Could not initialize class )?(?<name>[\\w.$/]{1,200})',
  ),
  row('Java', 'Could not find or load main class (?<name>[\\w.$/-]{1,200})'),
  row('Java', '(?:no main manifest attribute, in|Invalid or corrupt jarfile) (?<name>\\S{1,160})'),
  row(
    'Java',
    '(?:FindException: Module (?<name>[\\w.]{1,120}) not found|Unable to (?:find|load) (?:a )?(?:driver|class) ?\\[?(?<name2>[\\w.]{1,120}))',
  ),
  row(
    'JDBC',
    '(?:No suitable driver(?: found for (?<name>jdbc:\\w{1,40}))?|Cannot load driver class: (?<name2>[\\w.]{1,120}))',
  ),
  row('Ruby', 'cannot load such file -- (?<name>\\S{1,160})'),
  row(
    'Ruby bundler',
    "Could not find (?:gem '?)?(?<name>[\\w.-]{1,80})(?:,? [^)]{0,200}?)? in (?:any of the sources|locally installed gems|rubygems)|Bundler::GemNotFound(?<name2>)",
  ),
  row(
    'Ruby bundler',
    "(?<name>[\\w.-]{1,80}) is not (?:currently included in|part of) the bundle|can't find gem (?<name2>[\\w.-]{1,80})",
  ),
  row('Ruby', '(?:uninitialized constant (?<name>[\\w:]{1,120})|Could not locate (?<name2>Gemfile))'),
  row('PHP', '(?:Class|Interface|Trait) ["\'](?<name>[\\w\\\\]{1,160})["\'] not found'),
  row('PHP', "Failed opening required '(?<name>[^']{1,200})'"),
  row('PHP', 'Call to undefined function (?<name>[\\w\\\\]{1,100})\\(\\)'),
  row('.NET', "Could not load file or assembly '(?<name>[^',]{1,160})"),
  row(
    '.NET',
    "An assembly specified in the application dependencies manifest.{0,60}was not found.{0,40}'?(?<name>[\\w.]{0,100})",
  ),
  row('Flask', 'Could not locate a (?<name>Flask application)'),
  row('SQLAlchemy', "NoSuchModuleError: Can't load plugin: (?<name>[\\w.:]{1,80})"),
  row(
    'Fluentd, Logstash, Fluent Bit, Telegraf',
    "(?:Unknown (?:input|output|filter|parser|formatter|buffer|storage) plugin '(?<name>[^']{1,80})'|Couldn't find any \\w{1,12} plugin named '(?<name2>[^']{1,80})'|[Uu]ndefined but requested (?:input|output|processor|aggregator): (?<name3>\\w{1,60}))",
  ),
  row('Perl', "Can't locate (?<name>[\\w/]{1,120}\\.p[ml]) in @INC"),
  row('PowerShell', "The term '(?<name>[A-Z]\\w{1,40}-\\w{1,60})' is not recognized as (?:a|the) name of a cmdlet"),
  row('Lua', "module '(?<name>[\\w.]{1,120})' not found"),
  row('R', 'there is no package called [‘\'"](?<name>[\\w.]{1,80})'),
  row(
    'Elixir, Erlang',
    '(?:module (?<name>[\\w.]{1,120}) is not available|Could not start application (?<name2>\\w{1,60}): could not find application file|\\{undef,\\[\\{(?<name3>\\w{1,60}))',
  ),
  row('Go plugin, Terraform', 'plugin(?:\\.Open)?\\(?"?(?<name>[^"\\s)]{1,120})"?\\)?: (?:realpath failed|not found)'),
  row(
    'SBT, GraalVM',
    'Classes that should be initialized at run time got initialized.{0,20}(?<name>)|(?:Image heap|MissingReflectionRegistrationError).{0,60}(?<name2>[\\w.$]{0,120})',
  ),
]);
