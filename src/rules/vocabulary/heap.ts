// How runtimes say that their own memory limit is reached. Threads that cannot be made are an operating system's limit
// and not listed here. The group `what` is the part that is full. Rows that are `weak` have no limit of their own: there
// the operating system refused an allocation, for whatever reason.

import { signTable } from '../../core/log-signs.ts';
import { row } from './row.ts';

export const HEAP = signTable([
  row(
    'JVM',
    'OutOfMemoryError: (?<what>Java heap space|GC overhead limit exceeded|Metaspace|Compressed class space|PermGen space|Requested array size exceeds VM limit|Direct buffer memory|Cannot reserve \\d+ bytes of direct buffer memory|Map failed|Java heap space: failed reallocation)',
  ),
  row(
    'JVM',
    '(?:Terminating due to|Aborting due to|Dumping heap).{0,20}java\\.lang\\.OutOfMemoryError(?:: (?!unable to create)(?<what>[\\w ]{1,60}))?',
  ),
  row('JVM', '(?:java\\.lang\\.)?OutOfMemoryError(?!.{0,4}[Uu]nable to create)(?<what>)'),
  row('JVM', 'failed to allocate \\d+ byte\\(s\\) of (?<what>direct memory)'),
  row(
    'V8',
    '(?:FATAL ERROR: .{0,120})?(?<what>JavaScript heap out of memory|Allocation failed - process out of memory)',
  ),
  row(
    'V8',
    '(?:FATAL ERROR: )(?<what>(?:Reached heap limit|Ineffective mark-compacts near heap limit|CALL_AND_RETRY|NewSpace|Zone|Committing semi space).{0,60})',
  ),
  row('Node.js workers', '(?<what>ERR_WORKER_OUT_OF_MEMORY|Worker terminated due to reaching memory limit.{0,40})'),
  row('PHP', '(?<what>Allowed memory size of \\d+ bytes exhausted)'),
  row(
    '.NET',
    '(?<what>System\\.OutOfMemoryException|Out of memory\\.$|GC heap initialization failed.{0,60}|Insufficient memory to continue)',
  ),
  row('Python', '^(?<what>MemoryError)(?::|$)', { weak: true }),
  row('numpy', '(?<what>Unable to allocate [\\d.]+ [KMGT]iB for an array)', { weak: true }),
  row('Ruby', '(?<what>failed to allocate memory) \\(NoMemoryError\\)'),
  row('C++', '(?<what>std::bad_alloc)', { weak: true }),
  row('Erlang', '(?<what>(?:eheap_alloc|binary_alloc|sl_alloc|ets_alloc): Cannot (?:re)?allocate \\d+ bytes)'),
  row('Rust', '(?<what>memory allocation of \\d+ bytes failed)', { weak: true }),
  row('Go', '(?<what>runtime: out of memory|runtime: cannot allocate memory)', { weak: true }),
  row('Redis', '(?<what>Out Of Memory allocating \\d+ bytes)'),
  row('ClickHouse', '(?<what>Memory limit \\((?:total|for \\w{1,12})\\) exceeded)'),
  row('MySQL', '(?<what>Cannot allocate memory for the buffer pool|Out of memory \\(Needed \\d+ bytes\\))'),
  row('Lua, OpenResty', '(?<what>^.{0,80}not enough memory)$'),
]);

/** Settings that limit a runtime's own memory, as they stand in variables and command lines. */
export const HEAP_FLAGS =
  /-Xmx\d+[kKmMgG]?|-XX:MaxRAMPercentage=[\d.]+|-XX:MaxMetaspaceSize=\w+|-XX:MaxDirectMemorySize=\w+|--max[-_]old[-_]space[-_]size[= ]\d+|-d ?memory_limit=\w+|DOTNET_GCHeapHardLimit\w*/g;
/** Variables whose value is itself such a limit. */
export const HEAP_VARIABLES =
  /^(?:PHP_MEMORY_LIMIT|GOMEMLIMIT|(?:DOTNET|COMPlus)_GCHeapHardLimit(?:Percent)?|HEAP_SIZE|MAX_HEAP_SIZE|MAX_HEAP|JVM_MAX_HEAP|KAFKA_HEAP_OPTS|ES_JAVA_OPTS)$/;
