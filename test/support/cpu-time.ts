/** What a call takes of the processor, ms: unlike the time of a clock, it does not grow while others are busy. */
export function cpuMs(work: () => void): number {
  const started = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(started);
  return (user + system) / 1_000;
}

/** The least of several calls: what it takes once it is warm. The first that takes less than `boundMs` is the last one. */
export function leastCpuMs(calls: number, boundMs: number, work: () => void): number {
  let least = Number.POSITIVE_INFINITY;
  for (let call = 0; call < calls && least >= boundMs; call++) least = Math.min(least, cpuMs(work));
  return least;
}
