// How programs and libraries say that a limit of the operating system on a process is reached: descriptors, watches,
// threads, locked memory. The group `what` names the limit.

import { signTable } from '../../core/log-signs.ts';
import { rowInAnyCase as row } from './row.ts';

export const OS_LIMIT = signTable([
  row(
    'inotify',
    '(?<what>inotify(?:[\\w ]{0,40}\\w)?|fsnotify(?:[\\w ]{0,40}\\w)?|file watchers?)\\b.{0,120}?(?:too many open files|no space left|ENOSPC|EMFILE|limit|reached|exhausted)',
  ),
  row('inotify', '(?:too many open files|ENOSPC|EMFILE).{0,60}?(?<what>inotify|fsnotify|watch(?:er|es)?)'),
  row('errno', '(?<what>too many open files|no file descriptors available)'),
  row('errno', '(?:\\bEMFILE\\b|\\bENFILE\\b|errno 2[34]\\b|os error 2[34]\\b)(?<what>)'),
  row('JVM', '(?:unable to create (?:new )?native thread|Failed to start thread.{0,40}pthread_create failed)(?<what>)'),
  row('Python', "(?<what>can't start new thread)"),
  row('Go', '(?:runtime: failed to create new OS thread|runtime: may need to increase max user processes)(?<what>)'),
  row(
    'pthread, fork',
    '(?:pthread_create|fork|clone|vfork|uv_thread_create|std::thread|thread constructor).{0,60}?(?:resource temporarily unavailable|EAGAIN|cannot allocate|failed)(?<what>)',
  ),
  row('C++', 'what\\(\\):\\s{1,4}Resource temporarily unavailable(?<what>)'),
  row('shells', "(?:cannot fork|fork: retry|can't fork).{0,40}(?<what>)"),
  row(
    'glibc, OpenBLAS',
    '(?:blas_thread_init: pthread_create failed|libgomp: Thread creation failed|OpenBLAS.{0,40}Resource temporarily)(?<what>)',
  ),
  row(
    'locked memory',
    '(?:RLIMIT_MEMLOCK|(?<what>memlock)|unable to lock (?:JVM )?memory|failed to lock memory|mlockall? (?:failed|.{0,20}cannot allocate)|failed to allocate locked memory|MEMLOCK may be too low)',
    { weak: true },
  ),
  row(
    'Elasticsearch, OpenSearch',
    '(?<what>max (?:file descriptors|number of threads|file size|size virtual memory) \\[\\d{1,20}\\].{0,80}(?:too low|increase))',
  ),
  row('TiKV, RocksDB', '(?<what>open file descriptors is too small.{0,80})'),
  row(
    'RabbitMQ, MongoDB, Neo4j',
    '(?<what>(?:open files|file descriptor|ulimit|rlimits?).{0,80}(?:too low|less than|insufficient|exceeded|increase))',
    { weak: true },
  ),
  row('HAProxy', '(?:FD limit \\(\\d{1,12}\\) too low|Cannot raise FD limit)(?<what>)'),
  row('setrlimit', '(?<what>setrlimit.{0,60}(?:failed|not permitted))', { weak: true }),
  row('PostgreSQL', '(?<what>could not map anonymous shared memory: cannot allocate memory)', { weak: true }),
  row('JVM', '(?<what>insufficient memory for the Java Runtime Environment to continue)'),
]);
