type Patterns = readonly string[] | undefined;

interface Filter {
  readonly name?: string;
  readonly job?: Patterns;
  readonly task?: Patterns;
  readonly executor?: Patterns;
}

/** The names that a filter is compared with; null if there is none, or it is not known. */
export interface Named {
  readonly jobId: string | null;
  readonly task: string | null;
  readonly executor: string | null;
}

/** Whether a name matches one of these patterns, in which `*` matches any characters. Without patterns, each name matches. */
export function isAmong(patterns: Patterns, name: string | null): boolean {
  return patterns === undefined || (name !== null && patterns.some((pattern) => fits(pattern, name)));
}

export function isAbout({ job, task, executor }: Filter, named: Named): boolean {
  return isAmong(job, named.jobId) && isAmong(task, named.task) && isAmong(executor, named.executor);
}

/** The patterns without `*`, which are names. */
export function plainNames(patterns: Patterns): readonly string[] {
  return (patterns ?? []).filter((pattern) => !pattern.includes('*'));
}

/** Looks for each part between two `*` after the one before it: no pattern takes long. */
function fits(pattern: string, name: string): boolean {
  const [first = '', ...others] = pattern.split('*');
  const last = others.pop();
  if (last === undefined) return name === first;
  if (name.length < first.length + last.length || !name.startsWith(first) || !name.endsWith(last)) return false;
  const middle = name.slice(first.length, name.length - last.length);
  let at = 0;
  for (const part of others) {
    const found = middle.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return true;
}
