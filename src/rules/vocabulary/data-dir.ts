// How databases say that a data directory is not theirs to use now: files are in it, or another process holds it.

import { signTable } from '../../core/log-signs.ts';
import { together } from './row.ts';

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
      /(?:data|destination|target|install\w{0,9}) (?:dir|directory|path) ['"]?(?<path>\/[^\s'"]{0,300})['"]? (?:already exists and )?is not (?:an )?empty|destination path '(?<path2>[^']{1,300})' already exists and is not an empty directory|['"]?(?<path3>\/[\w./-]{1,300})['"]? is not empty|(?:refus\w{1,4} to|will not|cannot|won't|unable to) initiali[sz]e.{0,80}\b(?:not empty|contains? (?:files|data))|\b(?:not empty|contains? (?:files|data))\b.{0,80}\b(?:refus\w{1,4} to|will not|cannot|won't) initiali[sz]e/i,
  },
  together(
    'lost\\+found|\\bhas files in it\\b|\\bnot empty\\b',
    '\\b(?:data ?dir\\w{0,7}|database|initiali[sz]\\w{0,6}|initdb|bootstrap)\\b',
  ),
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
  { who: 'Terraform', pattern: /Error (?:acquiring|locking) (?:the )?state(?: lock)?\b/ },
  { who: 'SQLite', pattern: /database is locked|SQLITE_BUSY/i },
  {
    who: 'Kafka, RocketMQ, ZooKeeper, H2, Neo4j, Solr, Jenkins, Nexus, Grafana',
    pattern:
      /Lock failed, ?MQ already started|Failed to acquire lock on file \.lock in (?<path>\S+)|Index dir '(?<path2>[^']{1,300})' of core .{1,80} is already locked|Database may be already in use|[Ll]ock file has been locked by another process|OrientDB.{0,60}locked by another process|A Kafka instance in another process/i,
  },
  {
    who: 'any lock file',
    pattern:
      /lock ?file ['"]?(?<path>\/[^\s'"]{1,300})['"]? (?:already )?(?:exists|is held)|(?<path2>\/[^\s'":]{1,300}\.(?:lock|pid))['"]?:? (?:is )?(?:already (?:exists|locked|held)|locked by another)|\b(?:file|director\w{1,3}|dir|database|data|store|volume)\b.{0,80}\b(?:held|locked|opened|in use) by (?:another|a different|pid|process|an older|the old)\b|could not (?:acquire|obtain|get) (?:an? )?(?:exclusive |directory |file |data )?lock (?:on|for) \\?['"]?(?<path4>\/[^\s'"\\]{1,300})|already another instance using|another (?:server )?(?:instance|process) (?:in (?:the )?same directory )?is (?:already )?(?:running|using|holding)|already running with pid|[Ss]tale (?:pid|lock) ?file|A server is already running(?:\. Check | \(pid: \d+, file: )(?<path3>[^\s)]+)/i,
  },
  together(
    '/[\\w./-]{2,200}|\\bdata(?: ?dir\\w{0,7})?\\b|\\bstore\\b|\\bpid ?file\\b|\\block ?file\\b',
    '\\b(?:unable|cannot|could not|failed) to lock\\b|\\bholds? the lock\\b|\\banother (?:server|instance|process)\\b.{0,20}\\b(?:running|holds?|owns?|uses?)\\b|\\bis another (?:server|instance|process) running',
  ),
]);
