// How servers word that they cannot bind their port: taken by another socket, or below 1024 without the right.

import { signTable } from '../../core/log-signs.ts';

export const IN_USE = signTable([
  {
    who: 'nginx, Go',
    pattern:
      /bind\(\) to \S*?:(?<port>\d+) failed \(98|listen (?:tcp|udp)[46]? \S*?:(?<port2>\d+): bind: address already in use/i,
  },
  { who: 'Node.js', pattern: /EADDRINUSE(?:: address already in use)?[^\d\n]{0,40}(?:[\d.]+|::)?:(?<port>\d+)/ },
  {
    who: 'Spring Boot, Tomcat, Jetty, Quarkus',
    pattern:
      /[Pp]ort (?<port>\d+) (?:was|is|seems to be)? ?already (?:in use|bound)|Port already bound: (?<port2>\d+)|Address already in use: bind \S*:(?<port3>\d+)/,
  },
  { who: '.NET', pattern: /Failed to bind to address \S*?:(?<port>\d+): address already in use/i },
  {
    who: 'gunicorn, uvicorn, Puma, Caddy, Envoy, HAProxy, PostgreSQL, Redis',
    pattern:
      /(?:Connection in use|address already in use|Address in use)(?! \(98).{0,40}?[:(', ]+(?<port>\d{2,5})\b(?!:)|\('[\d.:]*', (?<port2>\d+)\).{0,30}(?:in use)|:(?<port3>\d{2,5})\b(?!: Address).{0,60}(?:address already in use|Address in use|EADDRINUSE|already in use)|port (?<port4>\d+).{0,60}already in use|for address '(?:[\d.]+:)?(?<port5>\d+)': Address in use/i,
  },
  {
    who: 'errno text',
    pattern:
      /address already in use|\bEADDRINUSE\b|:eaddrinuse|os error 98\b|Errno 98|Only one usage of each socket address|FPM instance seems to already listen|Another program is already listening on a port|could not bind .{0,60}in use/i,
  },
  { who: 'any program', pattern: /\bport (?<port>\d{2,5}) (?:is )?(?:already )?(?:taken|occupied|used by another)\b/i },
]);

export const BIND_DENIED = signTable([
  { who: 'nginx', pattern: /bind\(\) to \S*?:(?<port>\d+) failed \(13/ },
  { who: 'Go', pattern: /listen (?:tcp|udp)[46]? \S*?:(?<port>\d+): bind: permission denied/i },
  { who: 'Node.js', pattern: /listen EACCES(?:: permission denied)? (?:\S{0,80}:)?(?<port>\d{1,5})(?![.\w])/ },
  { who: 'Apache', pattern: /\(13\)Permission denied:.{0,40}(?:make_sock|could not bind).{0,40}:(?<port>\d+)/ },
  {
    who: 'HAProxy, lighttpd, dnsmasq, bind, unbound, OpenSSH, vsftpd',
    pattern:
      /cannot bind (?:socket|UNIX socket).{0,40}\(?Permission denied\)?.{0,20}:(?<port>\d+)|(?:can't|cannot|could not|failed to|unable to) (?:bind|create listening socket).{0,60}?(?:port |:)(?<port2>\d+)\b.{0,60}permission denied|failed to create listening socket for port (?<port3>\d+): permission denied/i,
  },
  { who: 'Ruby', pattern: /Permission denied - bind\(2\) for .{0,60}port (?<port>\d+)/ },
  {
    who: '.NET, Java, Rust, Erlang, others with the address before',
    pattern:
      /(?:bind|listen)\w{0,40}\b.{0,80}[:\s](?<port>\d{1,4})\b.{0,80}(?:permission denied|\(13\)|EACCES|:eacces|os error 13)|permission denied.{0,80}\bbind\w{0,40}\b.{0,40}[: ](?<port2>\d{1,4})\b/i,
  },
  {
    who: 'without an address',
    pattern:
      /(?:bind|BindException|SocketException|socket\.bind|listen_tcp|TcpListener).{0,80}(?:permission denied|\bEACCES\b)|Permission denied.{0,40}\(?bind/i,
  },
]);

/** The port that a hit names. */
export function portOfHit(groups: { [name: string]: string | undefined }): string {
  return groups.port ?? groups.port2 ?? groups.port3 ?? groups.port4 ?? groups.port5 ?? '';
}
