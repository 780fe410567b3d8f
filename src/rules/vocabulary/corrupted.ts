// How databases and other stateful programs say that the data they stored is damaged.

import { signTable } from '../../core/log-signs.ts';

export const CORRUPTED = signTable([
  {
    who: 'Redis, Valkey',
    pattern:
      /Bad file format reading the append only file(?: (?<path>[^:]+))?|Unexpected end of file reading the append only file|Short read or OOM loading DB|(?:RDB|Internal error in RDB).{0,60}(?:checksum|corrupt|unrecoverable|Unexpected EOF)|Wrong signature trying to load DB|corrupted cluster config file|redis-check-(?:aof|rdb)/i,
  },
  {
    who: 'PostgreSQL',
    pattern:
      /could not locate a valid checkpoint record|invalid (?:primary |secondary )?checkpoint record|invalid page in block \d+ of relation (?<path>\S+)|PANIC: +could not (?:locate|read|find)|invalid magic number|control file contains invalid|missing chunk number|database system identifier differs|WAL.{0,60}(?:corrupt|incorrect resource manager)/i,
  },
  {
    who: 'MySQL, MariaDB InnoDB',
    pattern:
      /InnoDB[:\]] .{0,120}(?:corrupt|Header page consists of zero bytes|Cannot (?:boot|continue)|Missing MLOG|checksum mismatch|Database page corruption)|tablespace .{0,60}corrupt|Table '(?<path>[^']{1,200})' is marked as crashed|Aria recovery failed|Plugin 'InnoDB' init function returned error/i,
  },
  {
    who: 'MongoDB WiredTiger',
    pattern:
      /unable to read root page|WT_TRY_SALVAGE|WT_(?:PANIC|ERROR).{0,200}(?:corrupt|checksum|panic)|WiredTiger.{0,200}(?:corrupt|file contains|not a WiredTiger|WiredTiger\.turtle)|Detected unclean shutdown.{0,80}(?:corrupt|repair)|please run.{0,20}--repair/i,
  },
  {
    who: 'Prometheus, Loki, Thanos, VictoriaMetrics',
    pattern:
      /corruption (?:in segment|after \d+|detected)|segments are not sequential|invalid magic number|unexpected (?:EOF|end of).{0,60}(?:segment|chunk|wal|block)|(?:opening storage failed|open db): .{0,200}(?:corrupt|invalid|checksum|unexpected)|block: .{0,60}corrupted|missing header/i,
  },
  {
    who: 'etcd, bbolt, Raft stores',
    pattern:
      /(?:walpb|wal): (?:crc mismatch|slice bounds|max entry size|file not found|unexpected EOF)|snap(?:shot)?: .{0,40}(?:crc mismatch|no available snapshot|empty)|failed to (?:recover|read) (?:v3 backend|WAL|snapshot)|freepages:|page \d+ already freed|invalid database\b|bolt.{0,40}(?:corrupt|invalid)/i,
  },
  {
    who: 'Kafka, ZooKeeper',
    pattern:
      /CorruptRecordException|(?:Malformed line in|Unrecognized version of the) checkpoint file \((?<path>[^)]{1,300})\)|Expected \d{1,9} entries in checkpoint file|Found a corrupted index file|CorruptIndexException|Unable to load database on disk|No snapshot found, but there are log entries|Last transaction was partial|Unreasonable length = \d+|meta\.properties.{0,60}(?:invalid|missing|corrupt)|There was an error in one of the threads during logs loading/i,
  },
  {
    who: 'Elasticsearch, OpenSearch, Lucene',
    pattern:
      /CorruptStateException|CorruptIndexException|CorruptedFileException|failed to read .{0,60}segment|codec footer mismatch|translog.{0,60}(?:corrupt|checksum)/i,
  },
  {
    who: 'RabbitMQ, Cassandra, RocksDB, LevelDB, SQLite, Grafana, git',
    pattern:
      /CommitLogReadException|bad_recovery_file|not_a_dets_file|dets.{0,40}(?:not_closed|needs_repair|bad_object)|Corruption: |database disk image is malformed|file is not a database|SQLITE_CORRUPT|SQLITE_NOTADB|object file (?<path>\S{1,300}) is empty|(?<path2>\S{1,300}): (?:checksum|CRC) mismatch/i,
  },
  {
    who: 'parsers that meet bytes of zero, which a file holds that was never written to the end',
    weak: true,
    pattern:
      /\b(?:malformed|invalid|unexpected|cannot parse|could not parse|corrupt\w{0,4}|error)\b.{0,200}?(?:\\u0000|\\x00|(?:\^@|\\0){2})/i,
  },
  {
    who: 'any program',
    weak: true,
    pattern:
      /\b(?:data|database|index|journal|log|store|snapshot|file|segment|state)\b.{0,60}\b(?:is |are |was )?(?:corrupt(?:ed)?|damaged|truncated)\b|(?<!migration )\bchecksum (?:mismatch|error|failed|does not match)/i,
  },
]);
