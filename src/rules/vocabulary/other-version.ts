// How stateful programs say that their data was written by another version. Groups: `found`, `program` (versions).

import { signTable } from '../../core/log-signs.ts';

export const OTHER_VERSION = signTable([
  {
    who: 'PostgreSQL',
    pattern:
      /database files are incompatible with server|The data directory was initialized by PostgreSQL version (?<found>[\d.]+), which is not compatible with this version (?<program>[\d.]+)|old databases have been detected in the outdated format|there appears to be PostgreSQL data in/i,
  },
  { who: 'InfluxDB', pattern: /migration specification not found|unknown migration \d{4}/i },
  { who: 'Redis, Valkey', pattern: /Can't handle RDB format version (?<found>\d+)|The RDB file.{0,40}version/i },
  {
    who: 'MySQL, MariaDB',
    pattern:
      /Invalid MySQL server (?:down|up)grade: Cannot (?:down|up)grade from (?<found>\d+) to (?<program>\d+)|Unsupported redo log format|Upgrade after a crash is not supported|data dictionary version|Downgrade.{0,40}not supported|InnoDB: .{0,80}(?:created with|was created by) (?:MySQL|MariaDB) (?<found2>[\d.]+)/i,
  },
  {
    who: 'MongoDB',
    pattern:
      /UPGRADE PROBLEM: Found an invalid featureCompatibilityVersion|featureCompatibilityVersion document.{0,120}(?:invalid|missing|must)|Wrong mongod version|requires (?:WiredTiger )?version|unsupported WiredTiger file version|This version of MongoDB is too (?:recent|old)|start up WiredTiger under any compatibility version/i,
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
    who: 'any program that names both formats',
    pattern:
      /\b(?:data|disk|storage|file|store|index|segment|snapshot)\b[\w -]{0,20}\b(?:format|version)\b[\w -]{0,20}?\bv?(?<found>\d[\d.]{0,12})\b.{0,60}\b(?:this|newer|older|support\w{0,3}|reads?|expect\w{0,3}|require[ds]?|needs?|understands?)\b.{0,40}?\bv?(?<program>\d[\d.]{0,12})\b/i,
  },
  {
    who: 'Grafana, Prometheus, Neo4j, ClickHouse, Cassandra, Vault, Nexus, SonarQube',
    pattern:
      /unsupported (?:on-?disk )?(?:data|storage|file|index|block|database|format) (?:format )?version|unsupported (?:backend|disk|storage) format \[[^\]]{1,40}\]|written by a (?:newer|later|different|older) version|created (?:by|with) a (?:newer|later|more recent) version|(?:database|data|store) (?:was|is) (?:at|from) (?:a )?(?:newer|higher|later) (?:schema )?version|(?:is|are) newer than (?:this|the) (?:binary|program|version|server)|found (?:backend|format|storage) (?:type|version) (?<found>[^\s,]+), expected (?<program>[^\s,]+)|(?:database|data|storage|index) version \(?(?<found4>[\d.]+)\)? is (?:incompatible|not compatible) with .{1,40}version \(?(?<program4>[\d.]+)|version of the data \((?<found2>[\d.]+)\) is (?:higher|newer) than .{1,30}version \((?<program2>[\d.]+)\)|(?:up|down)grading from (?<found3>[\d.]+) to (?<program3>[\d.]+) is not supported|(?:[Cc]urrent|[Dd]atabase|[Dd]ata) version is too old\. Please upgrade|version of .{1,40}you are trying to upgrade from is too old|downgrade (?:detected|is not (?:supported|possible|allowed))/i,
  },
  {
    who: 'any program that says who wrote it',
    pattern:
      /\b(?:data|files?|index|store|catalog|volume)\b.{0,30}\b(?:written|created|made) (?:by|with) (?:version )?v?(?<found>\d[\d.]{0,12})\b.{0,60}?(?:\bv?(?<program>\d[\d.]{0,12})\b)?|\bversion mismatch\b.{0,20}\bon[- ]disk\b/i,
  },
]);
