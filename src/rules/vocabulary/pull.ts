// How kubelet, containerd, CRI-O, dockershim and registries word why an image cannot be had. Order matters: registries
// answer "not found" and "denied" in one breath, and only the more telling half decides.

import type { CauseId } from '../../core/cause.ts';

export interface PullSign {
  cause: CauseId;
  who: string;
  pattern: RegExp;
}

export const PULL_SIGNS: readonly PullSign[] = [
  {
    cause: 'image-name-invalid',
    who: 'kubelet and containerd',
    pattern:
      /couldn't parse image (?:name|reference)|invalid reference format|Failed to apply default image tag|InvalidImageName|invalid image name|must be lowercase|short-name .{0,80}(?:did not resolve|enforcing)/i,
  },
  {
    cause: 'image-pull-rate-limited',
    who: 'Docker Hub, ECR Public, Quay',
    pattern: /toomanyrequests|too many requests|429\b|rate limit|pull QPS exceeded|rate exceeded/i,
  },
  {
    cause: 'container-runtime-fault',
    who: 'containerd and Docker that are older than the image, or whose disk or proxy damages it',
    pattern:
      /invalid tar header|unsupported (?:layer )?media ?type|unsupported compression|unknown compression|[Ff]ailed to (?:extract|unpack) layer.{0,200}(?:unexpected EOF|magic number|invalid header|invalid checksum|corrupt)|unexpected commit digest|failed size validation|layers? from manifest don't match|filesystem layer verification failed|io\.containerd\.\S{1,60} not supported/i,
  },
  {
    cause: 'image-registry-unreachable',
    who: 'Go net in the runtime',
    pattern:
      /no such host|server misbehaving|i\/o timeout|connection refused|no route to host|network is unreachable|TLS handshake timeout|context deadline exceeded|Client\.Timeout|connection reset by peer|Temporary failure in name resolution|x509:|certificate|server gave HTTP response to HTTPS client|50[0234] (?:Internal|Bad Gateway|Service|Gateway)|unexpected status.{0,120}: 5\d\d|\bEOF\b|proxyconnect|RegistryUnavailable|request canceled|deadline exceeded/i,
  },
  {
    cause: 'image-pull-denied',
    who: 'registries that answer 401 or 403',
    pattern:
      /40[13] (?:Unauthorized|Forbidden)|unauthorized|authentication required|no basic auth credentials|denied: (?!requested access to the resource is denied.*not exist)|access forbidden|insufficient_scope|authorization failed|Not ?Authorized|permission.{0,40}denied|PermissionDenied|AccessDenied|failed to fetch (?:oauth|anonymous) token|invalid username\/password|incorrect username or password|authorization token has expired|pull access denied/i,
  },
  {
    cause: 'image-not-found',
    who: 'containerd, CRI-O, Docker, registries',
    pattern:
      /not found|manifest unknown|NotFound|does not exist|MANIFEST_UNKNOWN|NAME_UNKNOWN|name unknown|no matching manifest|is not present with pull policy of Never|ErrImageNeverPull|no match for platform|reading manifest/i,
  },
];

/** What a pull message says; undefined when it only repeats that pulling is backed off. */
export function pullCauseOf(message: string): PullSign | undefined {
  // The image's own name is no evidence: "registry.example.com/denied/not-found:401".
  const words = message.replace(
    /(?:Failed to pull image|Back-off pulling image|Container image|image|reference) \\?"[^"\\]*\\?"/g,
    '',
  );
  return PULL_SIGNS.find((s) => s.pattern.test(words));
}
