// How languages, their libraries and HTTP clients word that nothing comes back. Groups: `host`, `port`.

import type { LogSign } from '../../../core/log-signs.ts';

export const LANGUAGES: LogSign[] = [
  {
    who: 'Go net',
    pattern:
      /dial tcp4?6? (?<host>[\w.-]{1,200}|\[[0-9a-f:.]+\]):(?<port>\d+): (?:i\/o timeout|connect: (?:connection timed out|no route to host|network is unreachable|operation timed out|host is down))/i,
  },
  {
    who: 'Node.js',
    pattern: /connect (?:ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EHOSTDOWN) (?<host>[\w.:-]{1,200}):(?<port>\d+)/,
  },
  {
    who: 'urllib3, requests',
    pattern:
      /host='(?<host>[\w.-]{1,200})', port=(?<port>\d+)\).{0,500}(?:ConnectTimeout|timed out|Read timed out|No route to host|Network is unreachable|Errno 113|Errno 101|Errno 110)/i,
  },
  { who: 'urllib3 inner words', pattern: /Connection to (?<host>[\w.-]{1,200}) timed out/i },
  {
    who: 'Java',
    pattern:
      /(?:ConnectTimeoutException|HttpConnectTimeoutException|SocketTimeoutException|NoRouteToHostException)(?:: (?:connection timed out:? ?(?:after \d+ ms: )?\/?(?<host>[\w.-]{1,200})(?:\/[\d.]+)?:(?<port>\d+))?)?/,
  },
  {
    who: 'Java with errno words',
    pattern: /ConnectException: (?:Connection timed out|Operation timed out|No route to host|Network is unreachable)/,
  },
  {
    who: 'gRPC',
    pattern:
      /(?:code = |StatusCode\.|status: )?(?:DeadlineExceeded|DEADLINE_EXCEEDED).{0,200}|failed to connect to all addresses.{0,100}(?<host>[\w.-]{1,200}):(?<port>\d+): (?:Failed to connect to remote host: )?(?:Timeout|FD shutdown|No route)/,
  },
  {
    who: '.NET',
    pattern:
      /A connection attempt failed because the connected party did not properly respond|The request was canceled due to the configured HttpClient\.Timeout|Connection Timeout Expired|A network-related or instance-specific error occurred while establishing a connection to SQL Server/i,
  },
  {
    who: 'curl, wget',
    pattern:
      /(?:Failed to connect to|connect to) (?<host>[\w.-]{1,200}) port (?<port>\d+).{0,60}(?:Connection timed out|Timeout was reached|No route to host|Operation timed out|timed out)/i,
  },
  {
    who: 'curl without a host',
    pattern: /curl: \((?:28)\)|Resolving timed out after|Connection timed out after \d+ milliseconds/i,
  },
  {
    who: 'PHP',
    pattern:
      /SQLSTATE\[HY000\] \[2002\] (?:Connection timed out|No route to host|Operation timed out|Network is unreachable)/i,
  },
  {
    who: 'Ruby',
    pattern:
      /Net::(?:Open|Read)Timeout|Errno::(?:ETIMEDOUT|EHOSTUNREACH|ENETUNREACH)|CannotConnectError.{0,40}[Tt]imed? ?out/,
  },
  {
    who: 'Rust',
    pattern: /(?:os error (?:110|113|101)\b)|deadline has elapsed|pool timed out while waiting for an open connection/,
  },
];
