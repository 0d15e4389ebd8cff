import { signal } from '@preact/signals';

export const VIEWER_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** This instant, renewed each second: for what says how long ago. */
export const now = signal(Date.now());
setInterval(() => {
  if (!document.hidden) now.value = Date.now();
}, 1_000);

const formats = new Map<string, Intl.DateTimeFormat>();

/** Milliseconds are shown only where there are some. A zone that this browser does not know is shown as UTC, and said so. */
function formatOf(zone: string, hasMs: boolean): Intl.DateTimeFormat {
  const key = `${zone} ${hasMs}`;
  const known = formats.get(key);
  if (known) return known;
  const options: Intl.DateTimeFormatOptions = {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    timeZoneName: 'short',
    weekday: 'short',
    ...(hasMs && { fractionalSecondDigits: 3 }),
  };
  const made = new Intl.DateTimeFormat('en-GB', options);
  formats.set(key, made);
  return made;
}

/**
 * `Sat 2026-03-28 10:00:00 CET`: an instant by the clock of a zone, always with the zone.
 * @param isExact milliseconds too, where there are some
 */
export function timeIn(instant: string | number, zone = VIEWER_ZONE, isExact = true): string {
  const at = new Date(instant);
  if (Number.isNaN(at.getTime())) return String(instant);
  const parts = partsOf(at, zone, isExact);
  if (!parts) return `${timeIn(instant, 'UTC', isExact)} (this browser does not know ${zone})`;
  const { weekday, year, month, day, hour, minute, second, fractionalSecond, timeZoneName } = parts;
  const fraction = fractionalSecond === undefined ? '' : `.${fractionalSecond}`;
  return `${weekday} ${year}-${month}-${day} ${hour}:${minute}:${second}${fraction} ${timeZoneName}`;
}

function partsOf(
  at: Date,
  zone: string,
  isExact: boolean,
): Partial<Record<Intl.DateTimeFormatPartTypes, string>> | null {
  try {
    const format = formatOf(zone, isExact && at.getTime() % 1_000 !== 0);
    return Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
  } catch {
    return null;
  }
}

const UNITS: readonly (readonly [number, string])[] = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1_000, 's'],
];

/** `1 h 5 min`, `3.2 s`, `40 ms`: at most two units. */
export function durationText(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${ms < 10_000 ? Math.round(ms / 100) / 10 : Math.round(ms / 1_000)} s`;
  const first = UNITS.findIndex(([size]) => ms >= size);
  const parts: string[] = [];
  let left = ms;
  for (const [size, unit] of UNITS.slice(first, first + 2)) {
    const count = Math.floor(left / size);
    left -= count * size;
    if (count > 0) parts.push(`${count} ${unit}`);
  }
  return parts.join(' ');
}

/** `in 5 min`, `3 h ago`. */
export function relative(instant: string | number, at = now.value): string {
  const ms = new Date(instant).getTime() - at;
  if (Math.abs(ms) < 1_000) return 'now';
  const [size, unit] = UNITS.find(([each]) => Math.abs(ms) >= each) ?? [1_000, 's'];
  const text = `${Math.floor(Math.abs(ms) / size)} ${unit}`;
  return ms > 0 ? `in ${text}` : `${text} ago`;
}

/** `GMT+1`: how far the clock of a zone is from UTC at an instant. */
export function offsetIn(instant: string, zone: string): string {
  try {
    const format = new Intl.DateTimeFormat('en-GB', { timeZone: zone, timeZoneName: 'longOffset' });
    return format.formatToParts(new Date(instant)).find(({ type }) => type === 'timeZoneName')?.value ?? '';
  } catch {
    return '';
  }
}
