import { hash } from 'node:crypto';

const HASH_BYTES = 6;
const HASHES = 2 ** (8 * HASH_BYTES);

/** A whole number of ms in [0, range), the same in every process: the first 48 bits of SHA-256 of job id and fire time. */
export function delayOf(jobId: string, fireTime: number, range: number): number {
  const bits = hash('sha256', `${fireTime} ${jobId}`, 'buffer').readUIntBE(0, HASH_BYTES);
  return Math.floor((bits / HASHES) * range);
}
