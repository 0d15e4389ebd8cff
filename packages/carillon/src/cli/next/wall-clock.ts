/** An instant as the clock of a zone shows it: `Mon 2026-03-30 09:00:00 +02:00`. */
export function wallClockIn(timezone: string, at: Date): string {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: timezone,
    hourCycle: 'h23',
    weekday: 'short',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'longOffset',
  });
  const part = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
  const { weekday, year, month, day, hour, minute, second, timeZoneName = '' } = part;
  // Some runtimes write UTC's as `GMT`.
  const offset = timeZoneName.replace('GMT', '') || '+00:00';
  return `${weekday} ${year}-${month}-${day} ${hour}:${minute}:${second} ${offset}`;
}
