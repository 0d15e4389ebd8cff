import { interval } from '@carillon/core';

/** Jobs with an interval of 1 s, their fire times spread over the second from `begin` on: as many fires a second as jobs. */
export function everySecond(load, { begin, ends }) {
  return Array.from({ length: load }, (_, index) => {
    const startAt = new Date(begin + Math.floor((index * 1_000) / load));
    const trigger = interval({ seconds: 1, startAt, ...(ends && { endAt: new Date(ends) }) });
    return { id: `job-${index}`, task: 'noop', trigger };
  });
}
