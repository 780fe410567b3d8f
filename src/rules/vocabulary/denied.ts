// How runtimes, libc and programs word the three refusals of a file system: EACCES (mode or owner), EPERM (a right
// that only root or a capability gives) and EROFS (mounted read-only).

import { signTable } from '../../core/log-signs.ts';

export const DENIED = signTable([
  {
    who: 'PostgreSQL: owner or mode of the data directory',
    pattern: /data directory "(?<path>[^"]{1,300})" has (?:wrong ownership|invalid permissions|group or world access)/i,
  },
  {
    who: 'ClickHouse: owner of the data directory',
    pattern: /user of the process \([^)]{1,80}\) does not match the owner of the data/i,
  },
  {
    who: 'files that must not be readable by others',
    pattern:
      /Permissions (?:0?\d{3,4} )?(?:for|on) '?(?<path>\/[^\s']{1,300})'? (?:are too open|should be)|(?:key file|file) "(?<path2>\/[^"]{1,300})" has group or world access|(?<path3>\/\S{1,300}\.erlang\.cookie) must be accessible by owner only|bad permissions:? (?:on )?(?<path4>\/\S+)|Load key "(?<path5>\/[^"]{1,300})": bad permissions/i,
  },
  {
    who: 'Redis, Valkey, MinIO: their data, by a name of their own',
    pattern:
      /append-only (?:dir|file) (?<path>[\w.-]{1,100}):? .{0,20}Permission denied|RDB file (?<path2>[\w.-]{1,100}) .{0,40}Permission denied|(?:Unable to write to|initialize) the backend.{0,80}(?:denied|write)|file access denied|write permissions for the backend/i,
  },
  {
    who: 'shell tools, of a path below the directory that they run in',
    pattern:
      /\b(?:mkdir|touch|cp|mv|rm|ln|tee|install): [\w ']{3,40} ['"`](?<path>[\w.][^'"`/]{0,100}\/[^'"`]{1,200})['"`]: Permission denied/,
  },
  {
    who: 'Grafana, Jenkins, Airflow and other entrypoints',
    pattern:
      /(?<path>\/[\w./-]{1,300})['"]? is not writable|Can ?not write to (?<path2>\/[\w./-]{1,300}?)(?:\. Wrong volume permissions| as \d{1,10}:\d)|(?:no|not|don't have|lacks?) (?:write|read) (?:access|permissions?) (?:to|on|for) ['"]?(?<path3>\/[\w./-]+)/i,
  },
  {
    who: 'Symfony',
    pattern: /Unable to (?:write|create)(?: in)? the "?[\w-]{1,40}"? directory \((?<path>[^)]{1,300})\)/,
  },
  { who: '.NET', pattern: /Access to the path '(?<path>[^']{1,300})' is denied/i },
  { who: 'Java NIO', pattern: /AccessDeniedException: (?<path>\/[^\s:]+)/ },
  {
    who: 'Erlang',
    pattern: /(?:reading|writing|opening|creating|make_dir|file) "?(?<path>\/[^\s":]{1,300})"?.{0,40}\beacces\b/i,
  },
  {
    who: 'MySQL, MariaDB',
    pattern:
      /(?:Can't (?:create|read|open|change|find)|File|mysqld: ).{0,40}'(?<path>[^']{1,300})'.{0,60}(?:Errcode: 13|errno: 13|OS errno 13|operating system error number 13)|mysqld does not have the access rights|must be writable/i,
  },
  { who: 'Laravel, Monolog', pattern: /stream or file "(?<path>[^"]{1,300})" could not be opened/i },
  {
    who: 'MongoDB: the socket of another user',
    pattern: /Failed to unlink socket file.{0,80}?(?<path>\/[^\s",)]{1,200})/,
  },
  {
    who: 'MongoDB',
    pattern:
      /(?:Unable to create\/open the lock file|Attempted to create a lock file on a read-only directory)[^/]{0,40}(?<path>\/[^\s",)]+)/i,
  },
  {
    who: 'SQLite, which does not tell a folder that is missing from one that it may not use',
    weak: true,
    pattern: /unable to open (?:the )?database file|SQLITE_CANTOPEN/i,
  },
  { who: 'Rust, and libraries that give the code only', pattern: /kind: PermissionDenied|os error 13\b/ },
  {
    who: 'errno text: libc, shells, Python, Node.js, Go, Ruby, PHP, Java, nginx',
    pattern: /permission denied|\bEACCES\b/i,
  },
]);

export const NOT_PERMITTED = signTable([
  {
    who: 'shell tools',
    pattern:
      /\b(?:chown|chmod|chgrp|setcap|mount|mknod|iptables|ip6tables|nft|modprobe|sysctl|ip|ln|install|cp|rsync|su|su-exec|gosu|setpriv|runuser|nice|renice|ping)\b.{0,200}(?:operation not permitted|permission denied \(you must be root\))/i,
  },
  {
    who: 'nginx, Apache, haproxy and other servers that drop root',
    pattern:
      /\b(?:setgid|setuid|setgroups|initgroups|setresuid|setresgid|seteuid|chown|chroot)\b\(?.{0,120}(?:Operation not permitted|not permitted|\bEPERM\b)|AH02156|unable to set (?:uid|gid|groups)/i,
  },
  {
    who: 'Go, Python, Node.js, Rust',
    pattern: /(?:operation not permitted|Operation not permitted|\bEPERM\b|os error 1\b)/,
  },
]);

export const READ_ONLY = signTable([
  { who: 'Python tempfile', pattern: /No usable temporary directory found/ },
  {
    who: 'SQLite, which does not tell a mode from a mount',
    weak: true,
    pattern: /attempt to write a readonly database|SQLITE_READONLY/i,
  },
  {
    who: 'errno text',
    pattern: /read-only file system(?!\?\))|\bEROFS\b|ReadOnlyFileSystemException|os error 30\b|\(30: /i,
  },
]);

/** Refusals in the same words that are about something else than a file. */
export const NOT_A_FILE =
  /\bbind\b|bind\(|listen (?:tcp|udp)|EACCES.{0,40}:\d+$|make_sock|could not bind|for (?:user|table|schema|database|relation|sequence|function|view|language|type)\b|publickey|(?<![\w./-])(?:forbidden|grant|registry|kubectl)(?![\w/-])|exec \/|cannot execute|exec format|fork\/exec|docker\.io|pg_hba|s3:|AccessDenied\b|ACCESS_DENIED|access denied for user|socket: permission|icmp|SELECT|INSERT|sysctl|\/proc\/sys/i;
