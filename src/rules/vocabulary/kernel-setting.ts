// How programs say that a setting of the kernel is too low, or that they may not write one. The group `setting` names it.

import { signTable } from '../../core/log-signs.ts';
import { rowInAnyCase as row } from './row.ts';

export const KERNEL_SETTING = signTable([
  row(
    'Elasticsearch, OpenSearch, SonarQube',
    '(?:max virtual memory areas )?(?<setting>vm\\.max_map_count).{0,60}?(?:too low|increase|at least|less than)',
  ),
  row('MySQL, Oracle, ScyllaDB', '(?:Could not setup Async I/O|io_setup\\(\\) failed|(?<setting>aio-max-nr)).{0,120}'),
  row('PostgreSQL', 'could not create shared memory segment.{0,80}(?<setting>)|Failed system call was shmget'),
  row('PostgreSQL', 'could not create semaphores.{0,80}(?<setting>)|Failed system call was semget'),
  row(
    'PostgreSQL, DPDK, Ceph',
    '(?:huge ?pages?).{0,80}(?:not (?:supported|available|enough|configured)|cannot allocate|no free|failed|insufficient|could not)(?<setting>)',
  ),
  row(
    'browsers, rootless tools',
    '(?:No usable sandbox|user namespaces? (?:are|is) (?:not enabled|disabled)|(?<setting>unprivileged_userns_clone|max_user_namespaces)).{0,120}',
  ),
  row('profilers', '(?<setting>perf_event_paranoid|kptr_restrict).{0,80}(?:must|set|too|is \\d)', { weak: true }),
  row(
    'any program',
    '(?:sysctl|kernel (?:parameter|setting)|/proc/sys/)\\S{0,3}\\s?["\'`]?(?<setting>(?:vm|fs|net|kernel)[./][\\w./-]{3,60})["\'`]?.{0,60}?(?:too (?:low|small)|at least|must be|should be|increase|insufficient|is not enough|below)',
    { weak: true },
  ),
  row(
    'any program',
    '(?<setting>\\b(?:vm|fs|net|kernel)\\.[\\w.]{3,60})(?![\\w.]).{0,60}?(?:too (?:low|small)|must be (?:at least|set|>)|needs to be (?:at least|set|increased)|is insufficient)',
  ),
  row(
    'any program that gives both numbers',
    '(?<setting>\\b(?:vm|fs|net|kernel)\\.[\\w.]{3,60})\\b.{0,12}\\d+.{0,30}\\b(?:have|need|needs|needed|want|require[ds]?|minimum|at least|is|found|got)\\b.{0,20}\\d',
  ),
  row('Calico', 'requires (?<setting>(?:vm|fs|net|kernel)\\.[\\w.]{3,60}) to be', { weak: true }),
]);

export const SYSCTL = signTable([
  row(
    'sysctl',
    'sysctl: (?:setting|permission denied on|error setting|cannot set|cannot stat|write to).{0,10}?key \'?"?(?<setting>[\\w.]{3,80})',
  ),
  row(
    'sysctl',
    'sysctl: (?:error: )?.{0,20}?(?:\'|"|/proc/sys/)(?<setting>[\\w./-]{3,80}).{0,20}?(?:read-only|permission denied|not permitted|invalid)',
  ),
  row(
    'any program',
    '/proc/sys/(?<setting>[\\w./-]{3,80})["\'`]?\\)?:? ?.{0,30}?(?:read-only file system|permission denied|operation not permitted|EROFS|EACCES|EPERM)',
  ),
  row(
    'any program',
    '(?:permission denied|read-only file system|operation not permitted).{0,60}?/proc/sys/(?<setting>[\\w./-]{3,80})',
  ),
  row(
    'runc, kubelet',
    '(?:forbidden sysctl: |sysctl )"?(?<setting>[\\w./-]{3,80})"? (?:not allowlisted|not whitelisted|is not in a separate kernel namespace|not allowed|is not allowed|: not)',
  ),
  row(
    'any program',
    '(?:failed|unable|could not|cannot|error).{0,20}(?:to )?(?:set(?:ting)?|writ(?:e|ing)|chang(?:e|ing)|apply(?:ing)?) (?:the )?sysctls? ["\'`]?(?<setting>[\\w./-]{3,80})',
  ),
]);
