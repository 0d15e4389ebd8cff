/** What a call takes of the processor, ms: unlike the time of a clock, it does not grow while others are busy. */
export function cpuMs(work: () => void): number {
  const started = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(started);
  return (user + system) / 1_000;
}

/** The least of several calls: what it takes once it is warm. */
export function leastCpuMs(calls: number, work: () => void): number {
  return Math.min(...Array.from({ length: calls }, () => cpuMs(work)));
}
