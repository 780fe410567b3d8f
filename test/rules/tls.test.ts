// Certificates out of their time, and handshakes that fail for another reason, as libraries word them.

import { expect, test } from 'vitest';
import { verdictOf } from '../support/pod.ts';

test.each([
  {
    source: 'Go crypto/x509',
    log: 'FATAL: Get "https://billing:8443/": tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time 2026-07-01T12:00:00Z is after 2026-06-30T00:00:00Z',
    is: 'certificate-expired confirmed',
  },
  {
    source: 'Node.js',
    log: "Error: certificate has expired\n    at TLSSocket.onConnectSecure (node:_tls_wrap:1674:34) {\n  code: 'CERT_HAS_EXPIRED'\n}",
    is: 'certificate-expired confirmed',
  },
  {
    source: 'Python ssl',
    log: 'ssl.SSLCertVerificationError: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: certificate has expired (_ssl.c:1007)',
    is: 'certificate-expired confirmed',
  },
  {
    source: 'JDK',
    log: 'Caused by: java.security.cert.CertificateExpiredException: NotAfter: Tue Jun 30 00:00:00 UTC 2026',
    is: 'certificate-expired confirmed',
  },
  { source: 'rustls', log: 'Error: invalid peer certificate: Expired', is: 'certificate-expired confirmed' },
  {
    source: 'Python ssl, unknown CA',
    log: 'ssl.SSLCertVerificationError: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: unable to get local issuer certificate (_ssl.c:1007)',
    is: 'tls-verification-failed confirmed',
  },
  {
    source: 'Go crypto/x509, name',
    log: 'panic: x509: certificate is valid for billing.prod, not billing',
    is: 'tls-verification-failed confirmed',
  },
  {
    source: 'Node.js, self-signed',
    log: "Error: self-signed certificate in certificate chain { code: 'SELF_SIGNED_CERT_IN_CHAIN' }",
    is: 'tls-verification-failed confirmed',
  },
  {
    source: 'JDK',
    log: 'javax.net.ssl.SSLHandshakeException: PKIX path building failed: sun.security.provider.certpath.SunCertPathBuilderException: unable to find valid certification path to requested target',
    is: 'tls-verification-failed confirmed',
  },
  {
    source: '.NET',
    log: ' ---> System.Security.Authentication.AuthenticationException: The remote certificate is invalid because of errors in the certificate chain: UntrustedRoot',
    is: 'tls-verification-failed confirmed',
  },
  {
    source: 'libpq',
    log: 'FATAL: server does not support SSL, but SSL was required',
    is: 'tls-verification-failed confirmed',
  },
  {
    source: 'curl',
    log: 'curl: (60) SSL certificate problem: unable to get local issuer certificate',
    is: 'tls-verification-failed confirmed',
  },
])('$source: $is', ({ log, is }) => {
  expect(verdictOf({ log: log.split('\n') })).toBe(is);
});

// Look-alikes: "verify failed" without expiry, "expired" without a certificate.
test('an expired token is not an expired certificate', () => {
  expect(verdictOf({ log: 'Error: 401 Unauthorized: token has expired' })).toBe('dependency-auth-failed confirmed');
});
