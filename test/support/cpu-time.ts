/** Returns the processor time of a call, ms. Unlike the time of a clock, it does not grow while other processes are busy. */
export function cpuMs(work: () => void): number {
  const started = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(started);
  return (user + system) / 1_000;
}

/** Returns the least processor time of several calls, as the first ones are not warm. Stops at a call that takes less than `boundMs`. */
export function leastCpuMs(calls: number, boundMs: number, work: () => void): number {
  let least = Number.POSITIVE_INFINITY;
  for (let call = 0; call < calls && least >= boundMs; call++) least = Math.min(least, cpuMs(work));
  return least;
}
