// How databases and other stateful programs word that the files they find are not theirs to use: not empty, locked,
// damaged, of another version, or of another cluster.

import { signTable } from '../../core/log-signs.ts';

export const NOT_EMPTY = signTable([
  {
    who: 'PostgreSQL initdb',
    pattern: /directory "(?<path>[^"]+)" exists but is not empty|It contains a (?<file>lost\+found) directory/i,
  },
  {
    who: 'MySQL, MariaDB',
    pattern:
      /data directory has files in it|--initialize specified but the data directory|The designated data directory (?<path>\S{1,300}) is unusable|directory (?<path2>\/\S{1,300}) (?:is not empty|has files in it)/i,
  },
  {
    who: 'any initialisation',
    pattern:
      /(?:data|destination|target|install\w{0,9}) (?:dir|directory|path) ['"]?(?<path>\/[^\s'"]{0,300})['"]? (?:already exists and )?is not (?:an )?empty|destination path '(?<path2>[^']{1,300})' already exists and is not an empty directory|['"]?(?<path3>\/[\w./-]{1,300})['"]? is not empty/i,
  },
]);

export const LOCKED = signTable([
  {
    who: 'PostgreSQL',
    pattern: /lock file "(?<path>[^"]{0,300}postmaster\.pid)" already exists|pre-existing shared memory block/i,
  },
  {
    who: 'MySQL, MariaDB',
    pattern:
      /Unable to lock (?:\.\/)?(?<path>\S{0,300}ibdata\S{0,60})|Check that you do not already have another (?:mysqld|mariadbd) process|Can't lock aria (?:control )?(?:file|log)/i,
  },
  {
    who: 'MongoDB',
    pattern:
      /DBPathInUse|(?:Unable to lock|already locked).{0,60}(?<path>\S{0,300}mongod\.lock)|Another mongod instance is already running on the (?<path2>\S{1,300}) directory/i,
  },
  {
    who: 'Elasticsearch, OpenSearch, Lucene',
    pattern:
      /failed to obtain node locks?(?:, tried \[(?<path>[^\]]{1,300})\])?|LockObtainFailedException|maybe these locations are not writable or multiple nodes were started/i,
  },
  {
    who: 'Prometheus, Thanos, Loki, bbolt, badger, LevelDB, RocksDB',
    pattern:
      /lock DB directory: resource temporarily unavailable|Cannot acquire directory lock on "(?<path>[^"]{1,300})"|While lock file: (?<path2>[^\s:]+)|lock (?<path3>\/\S{1,300}\/LOCK): (?:Resource temporarily unavailable|already held)|(?:boltdb|bbolt|raft\.db).{0,80}timeout|open(?:ing)? (?<path4>\/\S{1,300}\.db): timeout/i,
  },
  { who: 'SQLite', pattern: /database is locked|SQLITE_BUSY/i },
  {
    who: 'Kafka, ZooKeeper, H2, Neo4j, Jenkins, Nexus, Grafana',
    pattern:
      /Failed to acquire lock on file \.lock in (?<path>\S+)|Database may be already in use|Store and its lock file has been locked by another process|OrientDB.{0,60}locked by another process|A Kafka instance in another process/i,
  },
  {
    who: 'any lock file',
    pattern:
      /lock ?file ['"]?(?<path>\/[^\s'"]{1,300})['"]? (?:already )?(?:exists|is held)|(?<path2>\/[^\s'":]{1,300}\.(?:lock|pid))['"]?:? (?:is )?(?:already (?:exists|locked|held)|locked by another)|another (?:server )?(?:instance|process) (?:in (?:the )?same directory )?is (?:already )?(?:running|using|holding)|already running with pid|[Ss]tale (?:pid|lock) ?file|A server is already running(?:\. Check | \(pid: \d+, file: )(?<path3>[^\s)]+)/i,
  },
]);

export const CORRUPTED = signTable([
  {
    who: 'Redis, Valkey',
    pattern:
      /Bad file format reading the append only file(?: (?<path>[^:]+))?|Unexpected end of file reading the append only file|Short read or OOM loading DB|(?:RDB|Internal error in RDB).{0,60}(?:checksum|corrupt|unrecoverable|Unexpected EOF)|Wrong signature trying to load DB|redis-check-(?:aof|rdb)/i,
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
      /corruption (?:in segment|after \d+|detected)|invalid magic number|unexpected (?:EOF|end of).{0,60}(?:segment|chunk|wal|block)|(?:opening storage failed|open db): .{0,200}(?:corrupt|invalid|checksum|unexpected)|block: .{0,60}corrupted|missing header/i,
  },
  {
    who: 'etcd, bbolt, Raft stores',
    pattern:
      /(?:walpb|wal): (?:crc mismatch|slice bounds|max entry size|file not found|unexpected EOF)|snap(?:shot)?: .{0,40}(?:crc mismatch|no available snapshot|empty)|failed to (?:recover|read) (?:v3 backend|WAL|snapshot)|freepages:|page \d+ already freed|invalid database\b|bolt.{0,40}(?:corrupt|invalid)/i,
  },
  {
    who: 'Kafka, ZooKeeper',
    pattern:
      /CorruptRecordException|Found a corrupted index file|CorruptIndexException|Unable to load database on disk|No snapshot found, but there are log entries|Last transaction was partial|Unreasonable length = \d+|meta\.properties.{0,60}(?:invalid|missing|corrupt)|There was an error in one of the threads during logs loading/i,
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
    who: 'any program',
    weak: true,
    pattern:
      /\b(?:data|database|index|journal|log|store|snapshot|file|segment|state)\b.{0,60}\b(?:is |are |was )?(?:corrupt(?:ed)?|damaged|truncated)\b|\bchecksum (?:mismatch|error|failed|does not match)/i,
  },
]);

export const OTHER_VERSION = signTable([
  {
    who: 'PostgreSQL',
    pattern:
      /database files are incompatible with server|The data directory was initialized by PostgreSQL version (?<found>[\d.]+), which is not compatible with this version (?<program>[\d.]+)|old databases have been detected in the outdated format|there appears to be PostgreSQL data in/i,
  },
  { who: 'Redis, Valkey', pattern: /Can't handle RDB format version (?<found>\d+)|The RDB file.{0,40}version/i },
  {
    who: 'MySQL, MariaDB',
    pattern:
      /Invalid MySQL server (?:down|up)grade: Cannot (?:down|up)grade from (?<found>\d+) to (?<program>\d+)|Unsupported redo log format|Upgrade after a crash is not supported|data dictionary version|Downgrade.{0,40}not supported|InnoDB: .{0,80}(?:created with|was created by) (?:MySQL|MariaDB) (?<found2>[\d.]+)/i,
  },
  {
    who: 'MongoDB',
    pattern:
      /UPGRADE PROBLEM: Found an invalid featureCompatibilityVersion|featureCompatibilityVersion document.{0,120}(?:invalid|missing|must)|Wrong mongod version|requires (?:WiredTiger )?version|unsupported WiredTiger file version|This version of MongoDB is too (?:recent|old)/i,
  },
  {
    who: 'Elasticsearch, OpenSearch',
    pattern:
      /cannot (?:up|down)grade (?:a node )?from (?:version )?\[?(?<found>[\d.]+)\]? (?:directly )?to (?:version )?\[?(?<program>[\d.]+)|IndexFormatTooOldException|IndexFormatTooNewException|The index \[[^\]]{1,300}\] (?:was|has been) created (?:in|with) version|cannot downgrade a node/i,
  },
  {
    who: 'etcd, Kafka, ZooKeeper, RabbitMQ',
    pattern:
      /cannot downgrade from (?<found>\S+)|Unknown store version|UnableToMigrateException|cluster cannot be downgraded \(current version: (?<program>\S{1,60}) is lower than determined cluster version: (?<found2>[^)]+)\)|feature flags.{0,80}(?:incompatible|not supported|required)|Unknown metadata\.version|inter\.broker\.protocol\.version|Invalid (?:log|message) format version/i,
  },
  {
    who: 'Grafana, Prometheus, Neo4j, ClickHouse, Cassandra, Vault, Nexus, SonarQube',
    pattern:
      /unsupported (?:on-?disk )?(?:data|storage|file|index|block|database|format) (?:format )?version|written by a (?:newer|later|different|older) version|created (?:by|with) a (?:newer|later|more recent) version|(?:database|data|store) (?:was|is) (?:at|from) (?:a )?(?:newer|higher|later) (?:schema )?version|(?:is|are) newer than (?:this|the) (?:binary|program|version|server)|found (?:backend|format|storage) (?:type|version) (?<found>[^\s,]+), expected (?<program>[^\s,]+)|(?:database|data|storage|index) version \(?(?<found4>[\d.]+)\)? is (?:incompatible|not compatible) with .{1,40}version \(?(?<program4>[\d.]+)|version of the data \((?<found2>[\d.]+)\) is (?:higher|newer) than .{1,30}version \((?<program2>[\d.]+)\)|(?:up|down)grading from (?<found3>[\d.]+) to (?<program3>[\d.]+) is not supported|(?:[Cc]urrent|[Dd]atabase|[Dd]ata) version is too old\. Please upgrade|downgrade (?:detected|is not (?:supported|possible|allowed))/i,
  },
]);

export const STALE_MEMBER = signTable([
  {
    who: 'etcd',
    pattern:
      /member (?<member>[0-9a-f]+) has already been bootstrapped|request (?:sent was ignored|cluster ID mismatch)[^\n]{0,120}|the member has been permanently removed from the cluster|member count is unequal|cluster ID mismatch|unmatched member while checking PeerURLs|error validating peerURLs|data-dir .{0,80}(?:used|belongs)|tocommit\(\d+\) is out of range/i,
  },
  {
    who: 'Kafka',
    pattern:
      /InconsistentClusterIdException|The Cluster ID (?<found>\S+) doesn't match stored clusterId|InconsistentBrokerIdException|Configured broker\.id \d+ doesn't match stored broker\.id|Stored node id \d+ doesn't match|Invalid cluster\.id in|doesn't match stored (?:node|broker)\.id|Incompatible (?:clusterIDs|namespaceIDs)/i,
  },
  {
    who: 'ZooKeeper, Consul, Vault, Nomad',
    pattern:
      /My id \d+ not in the peer list|myid file is missing|Node name .{1,80} is reserved by node|failed to join cluster: .{0,80}(?:mismatch|Conflicting)|(?:node|server) ID .{0,80}(?:already|conflict)/i,
  },
  {
    who: 'MongoDB, Galera, MySQL Group Replication, RabbitMQ',
    pattern:
      /NodeNotFound: No host described in new configuration|InvalidReplicaSetConfig|not safe to bootstrap|It may not be safe to bootstrap the cluster|safe_to_bootstrap|WSREP: .{0,80}(?:wrong|mismatch).{0,40}(?:uuid|cluster)|inconsistent_cluster|Node '?(?<member>[^'\s]+)'? thinks it's clustered with node|is not a member of the group/i,
  },
  {
    who: 'Elasticsearch, OpenSearch',
    pattern:
      /This node previously joined a cluster with UUID \[(?<found>[^\]]{1,100})\] and is now trying to join a different cluster|cluster UUID .{0,60}(?:does not match|mismatch)|with a different cluster uuid|node with the same id but is a different node instance/i,
  },
  {
    who: 'Patroni, repmgr, Redis Cluster, CockroachDB, TiDB, Cassandra, MinIO',
    pattern:
      /system ID mismatch, node (?<member>\S+) belongs to a different cluster|Node .{0,80}is not empty\. Either the node already knows other nodes|cluster ID .{0,40}mismatch|store belongs to (?:another|cluster)|Saved cluster name .{1,80} != configured name|A node with address \S+ already exists|Cannot (?:start|join).{0,60}(?:decommission|already exists in the ring)|belongs to a different (?:deployment|cluster)/i,
  },
]);
