// How TLS libraries word that a certificate is out of its time, or that peer and certificate are not trusted.

import { signTable } from '../../core/log-signs.ts';
import { together } from './row.ts';

export const EXPIRED = signTable([
  {
    who: 'Go',
    pattern:
      /x509: certificate has expired or is not yet valid(?:: current time (?<now>\S+) is (?<side>after|before) (?<bound>[^\s"',)]{1,60}))?|tls: expired certificate|remote error: tls: (?:expired|bad) certificate.{0,40}expired/i,
  },
  {
    who: 'OpenSSL: Python, Ruby, PHP, curl, psql',
    pattern:
      /certificate has expired|certificate is not yet valid|sslv3 alert certificate expired|SSL alert number 45|verify error:num=10\b|certificate expired/i,
  },
  { who: 'Node.js', pattern: /CERT_HAS_EXPIRED|CERT_NOT_YET_VALID/ },
  {
    who: 'Java',
    pattern:
      /CertificateExpiredException(?:: NotAfter: (?<bound>[^\n]{1,60}))?|CertificateNotYetValidException|validity check failed|timestamp check failed/,
  },
  {
    who: '.NET, Rust, browsers',
    pattern:
      /\bNotTimeValid\b|(?:invalid peer certificate: |InvalidCertificate\()(?:certificate expired|Expired|NotValidYet)|CertExpired|ERR_CERT_DATE_INVALID|certificate (?:expired|not valid yet)/i,
  },
  {
    who: 'servers and operators about their own certificate',
    pattern:
      /certificates? .{0,80}\b(?:is|are|has|have|was) (?:already )?expired|\bcert(?:ificate)?s?\b.{0,120}expired on \d{4}-|\bcertificate\b.{0,80}\bnot valid\b.{0,20}\bnot(?:After|Before)\b|part of the existing bootstrap client certificate.{0,40}is expired/i,
  },
  { who: 'any program', pattern: /\bcert(?:ificate)?s?\b.{0,60}?\b(?:expired|past its validity|no longer valid)\b/i },
]);

export const UNTRUSTED = signTable([
  {
    who: 'Go',
    pattern:
      /(?:x509: )?(?<why>certificate signed by unknown authority|certificate is valid for [^\n"]{1,200}, not (?<host>[\w.-]+)|cannot validate certificate for (?<host2>[\w.:]+) because it doesn't contain any IP SANs|certificate is not valid for any names[^\n"]{0,120}|certificate relies on legacy Common Name field[^\n"]{0,60}|certificate is not authorized[^\n"]{0,80}|certificate specifies an incompatible key usage|unhandled critical extension|invalid signature[^\n"]{0,60})/i,
  },
  {
    who: 'Go: what the other side says',
    pattern:
      /remote error: tls: (?<why>bad certificate|unknown certificate(?: authority)?|certificate required|handshake failure|protocol version not supported|unrecognized name|internal error|access denied)|tls: (?<why2>failed to verify certificate|client didn't provide a certificate|server selected unsupported protocol version|first record does not look like a TLS handshake|private key does not match public key)/i,
  },
  {
    who: 'Python',
    pattern:
      /CERTIFICATE_VERIFY_FAILED\]?(?: certificate verify failed)?:? ?(?<why>[^(\n]{0,100})|(?<why2>hostname '[^']+' doesn't match [^\n]{1,120})|SSL(?:Error|CertVerificationError)[^\n]{0,200}(?<why3>certificate verify failed|WRONG_VERSION_NUMBER|TLSV1_ALERT[A-Z_]*|SSLV3_ALERT[A-Z_]*|UNSUPPORTED_PROTOCOL|unknown ca)/,
  },
  {
    who: 'Node.js',
    pattern:
      /(?<why>UNABLE_TO_VERIFY_LEAF_SIGNATURE|UNABLE_TO_GET_ISSUER_CERT(?:_LOCALLY)?|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|ERR_TLS_CERT_ALTNAME_INVALID|unable to verify the first certificate|unable to get (?:local )?issuer certificate|self[- ]signed certificate(?: in certificate chain)?|Hostname\/IP does not match certificate's altnames[^\n]{0,160}|EPROTO[^\n]{0,120}(?:alert|wrong version)[^\n]{0,40}|ERR_SSL_WRONG_VERSION_NUMBER)/i,
  },
  {
    who: 'Java',
    pattern:
      /(?<why>PKIX path (?:building|validation) failed|unable to find valid certification path|No subject alternative (?:DNS )?names? [^\n]{0,120}|No name matching [\w.-]+ found|Received fatal alert: \w+|SSLHandshakeException[^\n]{0,160}|SSLPeerUnverifiedException[^\n]{0,160}|trustAnchors parameter must be non-empty|Certificate for <[^>]{1,300}> doesn't match)/,
  },
  {
    who: '.NET',
    pattern:
      /(?<why>RemoteCertificate(?:NameMismatch|ChainErrors|NotAvailable)[^\n]{0,80}|The remote certificate (?:is invalid|was rejected)[^\n]{0,120}|The SSL connection could not be established|UntrustedRoot|PartialChain|certificate chain was issued by an authority that is not trusted)/,
  },
  {
    who: 'OpenSSL, curl, wget, Ruby, PHP, psql, mysql',
    pattern:
      /(?<why>certificate verify failed[^\n]{0,120}|SSL certificate problem: [^\n]{1,100}|server certificate verification failed[^\n]{0,80}|no alternative certificate subject name matches[^\n]{0,120}|SSL alert number (?:40|42|46|48|70|112|116)|sslv3 alert [a-z ]+|tlsv1 alert [a-z ]+|tls alert [a-z ]+|root certificate file "[^"]+" does not exist|server certificate for "[^"]+" [^\n]{0,40}does not match host name|SSL connection error[^\n]{0,120}|wrong version number)/i,
  },
  {
    who: 'PostgreSQL, MySQL, SQL Server: TLS wanted and not offered',
    pattern:
      /(?<why>server does not support SSL, but SSL was required|The server does not support SSL connections?|SSL is not enabled on the server|SSL off\b|Connections using insecure transport are prohibited|SSL connection is required|connection requires a valid client certificate)/i,
  },
  {
    who: 'Rust',
    pattern:
      /InvalidCertificate\((?<why3>\w+)\)|invalid peer certificate: (?<why>UnknownIssuer|NotValidForName|BadSignature|InvalidCertificate\([^)]*\)|certificate not valid for name[^\n]{0,80}|[A-Za-z]+)|received fatal alert: (?<why2>\w+)/,
  },
  {
    who: 'one side speaks TLS, the other does not; a key that is not of its certificate',
    pattern:
      /(?<why>server gave HTTP response to HTTPS client|Unsupported or unrecognized SSL message|key values mismatch|plaintext connection\?|hostname does not match CN in peer certificate)/i,
  },
  {
    who: 'any program',
    pattern:
      /\b(?:TLS|SSL|handshake|certificate)\b.{0,120}\b(?<why>(?:host ?name|name|SAN) (?:mismatch|does not match).{0,80})/i,
  },
  {
    who: 'MongoDB, Kafka, RabbitMQ, Elasticsearch',
    pattern:
      /SSL peer certificate validation failed:? ?(?<why>[^\n"]{0,120})|SSL handshake failed(?<why2>[^\n]{0,120})|TLS (?:client|server): .{0,60}(?<why3>Unknown CA|Bad Certificate|Handshake Failure)|client did not trust this server's certificate/i,
  },
  together('\\b(?:m?TLS|SSL|handshake)\\b', '\\b(?:fail\\w{0,3}|refused|rejected|no common|unknown ca|mismatch)\\b'),
]);
