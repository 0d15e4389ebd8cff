/** Returns a wall-clock time (ms, read as if it were UTC) as text: `2027-03-14 02:30`, with seconds and ms where they are not 0. */
export function wallText(wall: number): string {
  return new Date(wall)
    .toISOString()
    .replace('T', ' ')
    .replace('Z', '')
    .replace(/(:00)?\.000$/, '');
}
