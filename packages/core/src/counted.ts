/** The word for one thing, or for any other number of them: `ofNumber(1, 'job is', 'jobs are')`. */
export function ofNumber(count: number, one: string, many = `${one}s`): string {
  return count === 1 ? one : many;
}

/** A number and its word, as a sentence has them: `1 run`, `2 runs`, `0 runs`. */
export function counted(count: number, one: string, many?: string): string {
  return `${count} ${ofNumber(count, one, many)}`;
}
