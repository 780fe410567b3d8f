// Images that cannot be had, as containerd, CRI-O, Docker and registries word it.

import { expect, test } from 'vitest';
import { diagnosePod, verdictOf } from '../support/pod.ts';

const pull = (message: string, reason = 'ImagePullBackOff') => ({ waiting: { reason, message } });
const failed = (why: string) =>
  `Failed to pull image "r.example.com/shop/api:1.0": rpc error: code = Unknown desc = ${why}`;

test.each([
  {
    source: 'containerd',
    one: pull(
      'Back-off pulling image "r.example.com/shop/api:9": ErrImagePull: rpc error: code = NotFound desc = failed to pull and unpack image "r.example.com/shop/api:9": failed to resolve reference "r.example.com/shop/api:9": r.example.com/shop/api:9: not found',
    ),
    is: 'image-not-found confirmed',
  },
  {
    source: 'CRI-O',
    one: pull(failed('reading manifest 9 in r.example.com/shop/api: manifest unknown'), 'ErrImagePull'),
    is: 'image-not-found confirmed',
  },
  {
    source: 'kubelet, pull policy Never',
    one: pull('Container image "api:dev" is not present with pull policy of Never', 'ErrImageNeverPull'),
    is: 'image-not-found confirmed',
  },
  {
    source: 'containerd on another platform',
    one: pull(
      failed(
        'failed to pull and unpack image "r.example.com/shop/api:1.0": no match for platform in manifest: not found',
      ),
      'ErrImagePull',
    ),
    is: 'image-not-found confirmed',
  },
  {
    source: 'Docker Hub, private or absent',
    one: pull(
      failed(
        'failed to pull and unpack image "docker.io/shop/api:1": failed to resolve reference "docker.io/shop/api:1": pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed',
      ),
      'ErrImagePull',
    ),
    is: 'image-pull-denied likely',
  },
  {
    source: 'ECR',
    one: pull(
      failed(
        'failed to resolve reference "1.dkr.ecr.eu-central-1.amazonaws.com/api:1": pull access denied: no basic auth credentials',
      ),
      'ErrImagePull',
    ),
    is: 'image-pull-denied confirmed',
  },
  {
    source: 'GHCR',
    one: pull(
      failed(
        'failed to authorize: failed to fetch anonymous token: unexpected status from GET request to https://ghcr.io/token?scope=x: 401 Unauthorized',
      ),
      'ErrImagePull',
    ),
    is: 'image-pull-denied confirmed',
  },
  {
    source: 'Docker Hub, limit',
    one: pull(
      failed(
        'failed to copy: httpReadSeeker: failed open: unexpected status code https://registry-1.docker.io/v2/library/nginx/manifests/sha256:1: 429 Too Many Requests - Server message: toomanyrequests: You have reached your pull rate limit.',
      ),
      'ErrImagePull',
    ),
    is: 'image-pull-rate-limited confirmed',
  },
  {
    source: 'containerd without DNS',
    one: pull(
      failed(
        'failed to do request: Head "https://r.example.com/v2/shop/api/manifests/1.0": dial tcp: lookup r.example.com on 10.0.0.2:53: no such host',
      ),
      'ErrImagePull',
    ),
    is: 'image-registry-unreachable confirmed',
  },
  {
    source: 'containerd and a private CA',
    one: pull(
      failed(
        'failed to do request: Head "https://r.example.com/v2/shop/api/manifests/1.0": tls: failed to verify certificate: x509: certificate signed by unknown authority',
      ),
      'ErrImagePull',
    ),
    is: 'image-registry-unreachable confirmed',
  },
  {
    source: 'kubelet',
    one: pull(
      'Failed to apply default image tag "r.example.com/Shop/api:1": couldn\'t parse image name "r.example.com/Shop/api:1": invalid reference format: repository name (Shop/api) must be lowercase',
      'InvalidImageName',
    ),
    is: 'image-name-invalid confirmed',
  },
])('$source: $is', ({ one, is }) => {
  expect(verdictOf(one)).toBe(is);
});

test('the event tells the cause when the container only says that pulling is backed off', () => {
  const report = diagnosePod({
    ...pull('Back-off pulling image "r.example.com/not-found/denied:401"'),
    events: [{ reason: 'Failed', message: failed('r.example.com/shop/api:1.0: not found') }],
  });
  expect(report.verdict).toMatchObject({ cause: 'image-not-found', grade: 'confirmed' });
});

test('a back-off alone names no cause, whatever words the name of the image holds', () => {
  expect(diagnosePod(pull('Back-off pulling image "r.example.com/not-found/denied:401"')).verdict.cause).toBe(
    'unknown',
  );
});
