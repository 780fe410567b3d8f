// Names, uids, container ids and addresses that the simulated cluster hands out: a plain count behind a hash, so that the same
// recordings and the same requests give the same names in every run.
import { createHash } from 'node:crypto';

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
/** Kubernetes' alphabet for generated names: no vowels, nothing that looks like something else. */
const alphabet = 'bcdfghjklmnpqrstvwxz2456789';
const spell = (bytes: Buffer, length: number): string =>
  [...bytes.subarray(0, length)].map((b) => alphabet[b % alphabet.length]).join('');

export type Ids = ReturnType<typeof createIds>;

export function createIds() {
  let count = 0;
  const next = (): Buffer => {
    count += 1;
    return digest(`loopbreaker demo ${count}`);
  };
  return {
    uid(): string {
      const hex = next().toString('hex');
      return [
        hex.slice(0, 8),
        hex.slice(8, 12),
        `4${hex.slice(13, 16)}`,
        `a${hex.slice(17, 20)}`,
        hex.slice(20, 32),
      ].join('-');
    },
    suffix: (): string => spell(next(), 5),
    containerId: (): string => `containerd://${next().toString('hex')}`,
    podIp: (): string => {
      count += 1;
      return `10.244.${1 + ((count >> 8) % 200)}.${(count % 250) + 2}`;
    },
    eventSuffix: (nowMs: number): string => {
      count += 1;
      return (BigInt(nowMs) * 1_000_000n + BigInt(count)).toString(16);
    },
  };
}

/** The hash that names a ReplicaSet or ControllerRevision after its template. */
export const templateHash = (template: unknown): string => spell(digest(JSON.stringify(template)), 10);
