// An authority, and certificates that it signed, made for one test by the openssl of the machine; they last a day.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Certificate {
  cert: string;
  key: string;
}

export interface Authority extends Certificate {
  /** `names` as OpenSSL writes them, such as `DNS:redis.example,IP:127.0.0.1`. */
  sign(names: string): Certificate;
}

const P256 = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

export function authority(): Authority {
  const own = inFolder((at, openssl) => {
    openssl(
      'req',
      '-x509',
      ...P256,
      '-keyout',
      at('key'),
      '-out',
      at('cert'),
      '-days',
      '1',
      '-subj',
      '/CN=authority of a test',
    );
  });
  const sign = (names: string): Certificate =>
    inFolder((at, openssl) => {
      writeFileSync(at('ca'), own.cert);
      writeFileSync(at('ca-key'), own.key, { mode: 0o600 });
      writeFileSync(at('names'), `subjectAltName=${names}`);
      openssl('req', ...P256, '-keyout', at('key'), '-out', at('request'), '-subj', '/CN=a test');
      const signed = [
        '-CA',
        at('ca'),
        '-CAkey',
        at('ca-key'),
        '-set_serial',
        '2',
        '-days',
        '1',
        '-extfile',
        at('names'),
      ];
      openssl('x509', '-req', '-in', at('request'), '-out', at('cert'), ...signed);
    });
  return { ...own, sign };
}

function inFolder(make: (at: (name: string) => string, openssl: (...args: string[]) => void) => void): Certificate {
  const folder = mkdtempSync(join(tmpdir(), 'loopbreaker-certificates-'));
  const at = (name: string) => join(folder, `${name}.pem`);
  try {
    make(at, (...args) => void execFileSync('openssl', args, { stdio: 'pipe' }));
    return { cert: readFileSync(at('cert'), 'utf8'), key: readFileSync(at('key'), 'utf8') };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
