// A certificate authority that lives as long as the process, and one server certificate for 127.0.0.1 signed by it.
// The private key of the authority is dropped after that signature: nobody can make a second certificate.
import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { bits, explicit, implicit, integer, objectId, octets, sequence, set, time, utf8, yes } from './der.ts';

export type ServerIdentity = { caPem: string; certificatePem: string; keyPem: string };

const ecdsaWithSha256 = sequence(objectId('1.2.840.10045.4.3.2'));
const dayMs = 86_400_000;

const name = (commonName: string): Buffer => sequence(set(sequence(objectId('2.5.4.3'), utf8(commonName))));
const keyPair = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });
const publicDer = (key: KeyObject): Buffer => key.export({ type: 'spki', format: 'der' });
const keyId = (key: KeyObject): Buffer => createHash('sha1').update(publicDer(key)).digest();
const pem = (der: Buffer): string =>
  `-----BEGIN CERTIFICATE-----\n${(der.toString('base64').match(/.{1,64}/g) ?? []).join('\n')}\n-----END CERTIFICATE-----\n`;

const extension = (id: string, critical: boolean, value: Buffer): Buffer =>
  sequence(objectId(id), ...(critical ? [yes()] : []), octets(value));

type Subject = { commonName: string; publicKey: KeyObject; extensions: Buffer[] };
type Issuer = { commonName: string; privateKey: KeyObject };

function certificate(subject: Subject, issuer: Issuer, now: Date): string {
  const body = sequence(
    explicit(0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([1]), randomBytes(15)])),
    ecdsaWithSha256,
    name(issuer.commonName),
    sequence(time(new Date(now.getTime() - dayMs)), time(new Date(now.getTime() + 30 * dayMs))),
    name(subject.commonName),
    publicDer(subject.publicKey),
    explicit(3, sequence(...subject.extensions)),
  );
  return pem(sequence(body, ecdsaWithSha256, bits(sign('sha256', body, issuer.privateKey))));
}

export function makeServerIdentity(now = new Date()): ServerIdentity {
  const ca = keyPair();
  const server = keyPair();
  const issuer = { commonName: 'loopbreaker-demo-ca', privateKey: ca.privateKey };
  const authority = certificate(
    {
      commonName: issuer.commonName,
      publicKey: ca.publicKey,
      extensions: [
        extension('2.5.29.19', true, sequence(yes())),
        extension('2.5.29.15', true, bits(Buffer.from([0x06]), 1)), // keyCertSign, cRLSign
        extension('2.5.29.14', false, octets(keyId(ca.publicKey))),
      ],
    },
    issuer,
    now,
  );
  const names = sequence(implicit(7, Buffer.from([127, 0, 0, 1])), implicit(2, Buffer.from('localhost')));
  const served = certificate(
    {
      commonName: 'loopbreaker-demo-cluster',
      publicKey: server.publicKey,
      extensions: [
        extension('2.5.29.19', true, sequence()),
        extension('2.5.29.15', true, bits(Buffer.from([0x80]), 7)), // digitalSignature
        extension('2.5.29.37', false, sequence(objectId('1.3.6.1.5.5.7.3.1'))), // serverAuth
        extension('2.5.29.17', false, names),
        extension('2.5.29.35', false, sequence(implicit(0, keyId(ca.publicKey)))),
      ],
    },
    issuer,
    now,
  );
  return {
    caPem: authority,
    certificatePem: served,
    keyPem: server.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}
