/** What was thrown, in one line: its name, its message, and the place in the code where it was thrown. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const [at] = /(file:\/\/|\/)\S+:\d+/.exec(error.stack ?? '') ?? [];
  const message = error.message.replace(/\s*\n\s*/g, ' ');
  return `${error.name}: ${message}${at && !at.includes('node:') ? ` (${at})` : ''}`;
}
