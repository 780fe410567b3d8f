// How programs say that a volume or a disk has no space left. The group `what` holds the words.

import { signTable } from '../../core/log-signs.ts';
import { rowInAnyCase as row } from './row.ts';

export const DISK_FULL = signTable([
  row('errno', '(?<what>no space left on device|not enough space on the disk|there is not enough space)'),
  row('errno', '(?:\\bENOSPC\\b|errno 28\\b|os error 28\\b|Errcode: 28)(?<what>)'),
  row('quota', '(?<what>disk quota exceeded|\\bEDQUOT\\b|quota exceeded).{0,40}'),
  row('MySQL, MariaDB', '(?<what>Disk is full writing|The table .{1,80} is full|disk full).{0,80}'),
  row('PostgreSQL', '(?<what>could not (?:extend|write|create) (?:file|to file) .{1,120}?: (?:No space|wrote only))'),
  row(
    'Elasticsearch, OpenSearch',
    '(?<what>flood[- ]stage disk watermark|disk usage exceeded.{0,20}watermark).{0,80}',
    { weak: true },
  ),
  row('etcd', '(?<what>mvcc: database space exceeded|etcdserver: no space)'),
  row('RabbitMQ', '(?<what>free disk space is insufficient|disk resource limit alarm)', { weak: true }),
  row(
    'ClickHouse, Cassandra, Kafka, Loki',
    '(?<what>not enough (?:free )?(?:disk )?space|insufficient (?:free )?(?:disk )?space|disk (?:is|space) (?:full|exhausted|low)|out of disk space|ran out of (?:disk )?space|filesystem (?:is )?full).{0,80}',
  ),
  row(
    'shared memory',
    '(?<what>insufficient shared memory|out of shared memory \\(shm\\)|could not resize shared memory segment).{0,80}',
  ),
]);
