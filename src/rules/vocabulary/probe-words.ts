// How kubelets and the libraries behind their probes word that one failed, by the kind of failure. Wording differs
// between kubelets and between http, tcp, grpc and exec; the kinds do not.

export type ProbeFault =
  | 'refused' // nobody listens on that address
  | 'status' // an HTTP answer that is not 2xx or 3xx
  | 'timeout' // no answer within timeoutSeconds
  | 'unreachable' // the address itself does not answer: i/o timeout, no route
  | 'protocol' // http asked of https, grpc of http, and the like
  | 'reset' // the connection was closed before an answer
  | 'not-serving' // grpc health says NOT_SERVING
  | 'command-missing' // the exec probe's command cannot be run at all
  | 'port-unknown' // the named port does not exist
  | 'command' // the exec probe's command ran and said no
  | 'other';

/** The first row that fits decides; the group `status` is that of an HTTP answer. */
export const PROBE_WORDS: [ProbeFault, RegExp][] = [
  [
    'command-missing',
    /executable file not found|exec: "[^"]{0,300}": (?:stat [^:]{0,300}: )?(?:no such file|permission denied|is a directory)|OCI runtime exec failed.{0,500}(?:no such file|permission denied|not found)|(?:^|[\s:])[\w./-]{1,100}: (?:command )?not found|exec format error|unknown option|invalid option|unrecognized option|command terminated with exit code 12[67]/i,
  ],
  ['port-unknown', /couldn't find port|strconv\.\w+: parsing|invalid port number|cannot find port/i],
  [
    'protocol',
    /server gave HTTP response to HTTPS client|malformed HTTP (?:response|status|version)|first record does not look like a TLS handshake|tls: |x509: |SSL routines|frame too large|does not implement the grpc health protocol|error reading server preface|unexpected HTTP status code|code = Unimplemented|HTTP\/0\.9|http2:/i,
  ],
  [
    'status',
    /statuscode: ?(?<status>\d{3})|HTTP(?:\/\d(?:\.\d)?)? ?(?:error:? ?)?(?<status2>[345]\d\d)\b|returned error: (?<status3>\d{3})/i,
  ],
  ['refused', /connection refused|ECONNREFUSED|couldn't connect to server|Failed to connect to/i],
  [
    'unreachable',
    /timeout: failed to connect service|i\/o timeout|no route to host|network is unreachable|host is unreachable|while waiting for connection/i,
  ],
  [
    'timeout',
    /context deadline exceeded|Client\.Timeout exceeded|timed out|DeadlineExceeded|deadline exceeded|request canceled|timeout \d{1,9}\w{0,3} exceeded|did not complete within/i,
  ],
  ['reset', /connection reset by peer|\bEOF\b|server closed idle connection|broken pipe|connection closed/i],
  ['not-serving', /NOT_SERVING|service unhealthy/i],
];
