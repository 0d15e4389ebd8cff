import { interval } from '@carillon/core';

/** Jobs with an interval of 1 s, their fire times spread over the second from `begin` on: as many fires a second as jobs. */
export const everySecond = (load, period) => regular({ jobs: load, everyMs: 1_000 }, period);

/** Jobs with an interval of `everyMs`, their fire times spread over the first interval from `begin` on. */
export function regular({ jobs, everyMs }, { begin, ends }) {
  return Array.from({ length: jobs }, (_, index) => {
    const startAt = new Date(begin + Math.floor((index * everyMs) / jobs));
    const trigger = interval({ milliseconds: everyMs, startAt, ...(ends && { endAt: new Date(ends) }) });
    return { id: `job-${index}`, task: 'noop', trigger };
  });
}
