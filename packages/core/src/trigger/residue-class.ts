import type { Progression } from './progression.js';

/** Every instant that leaves `rest` when divided by `step` (ms); `rest` is at least 0 and less than `step`. */
export interface ResidueClass {
  readonly rest: number;
  readonly step: number;
}

/** Longer than the searched time, which then holds at most one instant of such a class. */
const LONGEST = 2n ** 52n;

/**
 * Returns the instants that all progressions name once each has begun. They are a progression again (Chinese remainder theorem). undefined if there
 * are none; every instant if there is no progression.
 */
export function mergeProgressions(progressions: readonly Progression[]): ResidueClass | undefined {
  let rest = 0n;
  let step = 1n;
  for (const progression of progressions) {
    const otherStep = BigInt(progression.step);
    const distance = BigInt(progression.anchor) - rest;
    const common = gcd(step, otherStep);
    if (distance % common !== 0n) return undefined;
    const modulus = otherStep / common;
    const steps = modulo((distance / common) * inverse(step / common, modulus), modulus);
    rest += steps * step;
    step *= modulus;
    rest = modulo(rest, step);
  }
  if (rest > LONGEST) return undefined;
  return { rest: Number(rest), step: Number(step < LONGEST ? step : LONGEST) };
}

function modulo(value: bigint, modulus: bigint): bigint {
  const rest = value % modulus;
  return rest < 0n ? rest + modulus : rest;
}

export function gcd(a: bigint, b: bigint): bigint {
  return b === 0n ? a : gcd(b, a % b);
}

/** The inverse of `value`: their product leaves 1 when divided by `modulus`. `value` and `modulus` must have no common divisor. */
export function inverse(value: bigint, modulus: bigint): bigint {
  let [a, b, x, y] = [modulo(value, modulus), modulus, 1n, 0n];
  while (b !== 0n) {
    const quotient = a / b;
    [a, b, x, y] = [b, a - quotient * b, y, x - quotient * y];
  }
  return modulo(x, modulus);
}
