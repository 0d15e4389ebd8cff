/** How many bodies of events share one argument of a script. */
const LINES_EACH = 25;

/**
 * Bodies of events as `lua/lib/publish.lua` takes them, a line each: where the events have no listener, it logs a whole argument as it is.
 * No body has a line break: in JSON it is written as an escape.
 */
export function inLines(bodies: readonly string[]): readonly string[] {
  const count = Math.ceil(bodies.length / LINES_EACH);
  return Array.from({ length: count }, (_, at) => bodies.slice(at * LINES_EACH, (at + 1) * LINES_EACH).join('\n'));
}
