/** The units, each with the length from which on it is used, and its size, ms. */
const UNITS = [
  ['d', 2, 86_400_000],
  ['h', 1, 3_600_000],
  ['min', 1, 60_000],
  ['s', 1, 1_000],
] as const;

/** `26 h`, `1.5 s`, `40 ms` */
export function lengthOf(ms: number): string {
  const [unit, , size] = UNITS.find(([, least, size]) => ms >= least * size) ?? ['ms', 0, 1];
  return `${Math.floor((ms / size) * 10) / 10} ${unit}`;
}

/** `2026-01-01 09:00:00 UTC` */
export function instantText(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
