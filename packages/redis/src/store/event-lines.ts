/** How many bodies of events share one argument of a script. */
const LINES_EACH = 25;

/**
 * Joins bodies of events as `lua/lib/publish.lua` takes them, one a line: if the events have no listener, that logs whole arguments as they
 * are. A body has no line breaks, because JSON writes them as escapes.
 */
export function inLines(bodies: readonly string[]): readonly string[] {
  const count = Math.ceil(bodies.length / LINES_EACH);
  return Array.from({ length: count }, (_, at) => bodies.slice(at * LINES_EACH, (at + 1) * LINES_EACH).join('\n'));
}
