const formats = new Map<string, Intl.DateTimeFormat>();

/** An instant as the clock of a zone shows it, with its offset: `2026-03-29T01:30:00.000+01:00`; `Z` where the offset is 0. */
export function localIso(date: Date, timeZone: string): string {
  const parts = new Map(
    formatOf(timeZone)
      .formatToParts(date)
      .map(({ type, value }) => [type, value]),
  );
  const of = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? '';
  const offset = of('timeZoneName').replace('GMT', '') || 'Z';
  const ms = String(date.getUTCMilliseconds()).padStart(3, '0');
  return `${of('year')}-${of('month')}-${of('day')}T${of('hour')}:${of('minute')}:${of('second')}.${ms}${offset}`;
}

/** The zone of this process. */
export function localZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const two = '2-digit';
  const format = new Intl.DateTimeFormat('en-US', {
    ...{ timeZone, hourCycle: 'h23', year: 'numeric', month: two, day: two, hour: two, minute: two, second: two },
    timeZoneName: 'longOffset',
  });
  formats.set(timeZone, format);
  return format;
}
