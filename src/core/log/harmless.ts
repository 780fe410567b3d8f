// What programs print at every start or for a single request, however well they are: it never says why one ended.

const LINES: readonly { who: string; pattern: string }[] = [
  {
    who: 'nginx image',
    pattern: 'docker-entrypoint\\.d/ is not empty|can not modify /etc/nginx/conf\\.d/default\\.conf',
  },
  { who: 'Apache httpd', pattern: 'AH00558: |Could not reliably determine the server' },
  {
    who: 'Redis, Valkey',
    pattern:
      'WARNING:? (?:Memory overcommit|overcommit_memory|The TCP backlog setting|you have Transparent Huge Pages)',
  },
  { who: 'SLF4J, Log4j', pattern: '^SLF4J: |StatusLogger Log4j2 could not find a logging implementation' },
  {
    who: 'JVM',
    pattern: 'An illegal reflective access operation|Illegal reflective access by|Sharing is only supported for boot',
  },
  { who: 'ASP.NET Core', pattern: 'Failed to determine the https port for redirect' },
  { who: 'Node.js', pattern: '\\[DEP0\\d{3}\\] DeprecationWarning|NODE_TLS_REJECT_UNAUTHORIZED environment variable' },
  { who: 'Python', pattern: 'DependencyWarning: |DeprecationWarning: |FutureWarning: ' },
  { who: 'TensorFlow', pattern: 'Could not find cuda drivers|Unable to register cu\\w{2,4} factory|TF-TRT Warning' },
  { who: 'client-go', pattern: 'Neither --kubeconfig nor --master was specified' },
  { who: 'tini', pattern: 'Tini is not running as PID 1' },
  {
    who: 'shells without a terminal',
    pattern: 'cannot set terminal process group|mesg: ttyname failed|no job control in this shell',
  },
  { who: 'perl, locale', pattern: 'perl: warning: |setlocale: LC_' },
  { who: 'CoreDNS, for one question', pattern: 'plugin/errors: \\d ' },
  { who: 'HAProxy, of its servers', pattern: 'Health check for (?:backup )?server ' },
  { who: 'etcd, of its peers', pattern: 'prober detected unhealthy status' },
  { who: 'quic-go', pattern: 'failed to sufficiently increase receive buffer size' },
];

const HARMLESS = new RegExp(LINES.map(({ pattern }) => pattern).join('|'));

export function isHarmless(raw: string): boolean {
  return HARMLESS.test(raw.slice(0, 400));
}
