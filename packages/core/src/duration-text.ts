const UNITS = [
  ['w', 604_800_000],
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
] as const;

/** Milliseconds exactly, as an option takes them, in the largest unit of which they are a whole number: `90s`, `2h`; else `4.5s`, `250ms`. */
export function durationInUnit(ms: number): string {
  if (ms === Number.POSITIVE_INFINITY) return 'forever';
  const whole = UNITS.find(([, size]) => ms > 0 && ms % size === 0);
  if (whole) return `${ms / whole[1]}${whole[0]}`;
  return Number.isInteger(ms) && ms > 1_000 ? `${ms / 1_000}s` : `${ms}ms`;
}

const SPOKEN = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1_000],
] as const;

/** A length of time that was measured, rounded as people say it: `45 ms`, `1.2 s`, `2 min 5 s`, `3 d 4 h`. */
export function lengthText(ms: number): string {
  if (ms < 0) return `-${lengthText(-ms)}`;
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 10_000) return `${Math.round(ms / 100) / 10} s`;
  const index = SPOKEN.findIndex(([, size]) => ms >= size);
  const [unit, size] = SPOKEN[index] ?? ['s', 1_000];
  const [smaller, part] = SPOKEN[index + 1] ?? [undefined, size];
  const whole = Math.floor(ms / size);
  const rest = Math.floor((ms - whole * size) / part);
  return smaller === undefined || rest === 0 ? `${whole} ${unit}` : `${whole} ${unit} ${rest} ${smaller}`;
}
