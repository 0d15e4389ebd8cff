import { cron, date, interval } from 'carillon';

/**
 * A job of the demo: what Carillon is given, and beside it, by plain arithmetic, when its task is to be called.
 * @typedef {object} DemoJob
 * @property {string} id
 * @property {string} trigger in a word
 * @property {string} about for the reader
 * @property {object} spec what `addJob` takes
 * @property {readonly number[]} fireTimes every one that the trigger names, ms
 */

/**
 * The jobs that are there from the start. All of them end by themselves, so that the demo does.
 * @param {number} start ms, a whole second
 * @param {number} end ms
 * @returns {readonly DemoJob[]}
 */
export function firstJobs(start, end) {
  const window = { startAt: new Date(start), endAt: new Date(end) };
  return [
    {
      id: 'welcome',
      trigger: 'date',
      about: 'once, at a given time',
      spec: { task: 'greet', trigger: date(new Date(start + 1_000)) },
      fireTimes: [start + 1_000],
    },
    {
      id: 'tick',
      trigger: 'interval',
      about: 'each second; coalesce: false, so each fire time runs',
      spec: { task: 'work', trigger: interval({ seconds: 1, ...window }), coalesce: false, maxInstances: 20 },
      fireTimes: every(1_000, start, end),
    },
    {
      id: 'report',
      trigger: 'cron',
      about: '* * * * * *, each second; what piles up becomes one run',
      spec: { task: 'work', trigger: cron('* * * * * *', window) },
      fireTimes: every(1_000, start, end),
    },
    {
      id: 'quote',
      trigger: 'interval',
      about: 'each second; misfireGraceTime: 1s, what is later is missed',
      spec: { task: 'work', trigger: interval({ seconds: 1, ...window }), misfireGraceTime: '1s', coalesce: false },
      fireTimes: every(1_000, start, end),
    },
    {
      id: 'mail',
      trigger: 'cron',
      about: '*/5 * * * * *; its task always throws',
      spec: { task: 'fail', args: ['the mail server is down'], trigger: cron('*/5 * * * * *', window) },
      fireTimes: every(5_000, roundUp(start, 5_000), end),
    },
    {
      id: 'slow',
      trigger: 'interval',
      about: 'every 2 s, takes 3.5 s; maxInstances: 1, so none overlaps',
      spec: { task: 'work', args: [3_500], trigger: interval({ seconds: 2, ...window }), maxInstances: 1 },
      fireTimes: every(2_000, start, end),
    },
    {
      id: 'audit',
      trigger: 'interval',
      about: 'every 2 s, until it is removed while everything runs',
      spec: { task: 'work', trigger: interval({ seconds: 2, ...window }) },
      fireTimes: every(2_000, start, end),
    },
  ];
}

/**
 * The job that is added while everything runs.
 * @param {number} start
 * @param {number} end
 * @returns {DemoJob}
 */
export function lateJob(start, end) {
  return {
    id: 'extra',
    trigger: 'interval',
    about: 'every 2 s',
    spec: { task: 'work', trigger: interval({ seconds: 2, startAt: new Date(start), endAt: new Date(end) }) },
    fireTimes: every(2_000, start, end),
  };
}

/** @returns {number[]} `first`, and every step from there up to `last` */
function every(stepMs, first, last) {
  const fireTimes = [];
  for (let at = first; at <= last; at += stepMs) fireTimes.push(at);
  return fireTimes;
}

function roundUp(ms, step) {
  return Math.ceil(ms / step) * step;
}
