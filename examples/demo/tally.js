/**
 * A range of fire times that did not run, by design, as an event reported.
 * @typedef {{ jobId: string, outcome: 'skipped' | 'coalesced' | 'missed', first: number, last: number }} NotRun
 *
 * @typedef {object} Row
 * @property {string} jobId
 * @property {number} expected
 * @property {number} seen the sum of the five outcomes
 * @property {number} executed
 * @property {number} failed
 * @property {number} skipped
 * @property {number} coalesced
 * @property {number} missed
 * @property {readonly string[]} differences empty: what was seen is what was expected
 */

/**
 * Compares, fire time by fire time and not by their number only, what was to be seen of each job with what was seen.
 * @param {object} all
 * @param {readonly import('./expected.js').ExpectedFires[]} all.expected
 * @param {readonly import('./journal.js').Call[]} all.calls
 * @param {readonly NotRun[]} all.notRun
 * @returns {readonly Row[]}
 */
export function compare({ expected, calls, notRun }) {
  const known = new Set(expected.map(({ jobId }) => jobId));
  const strangers = new Set([...calls, ...notRun].map(({ jobId }) => jobId).filter((jobId) => !known.has(jobId)));
  const jobs = [...expected, ...[...strangers].map((jobId) => ({ jobId, certain: [], possible: [] }))];
  return jobs.map((job) => rowOf(job, calls.filter(of(job)), notRun.filter(of(job))));
}

/** @param {readonly Row[]} rows */
export function agrees(rows) {
  return rows.length > 0 && rows.every(({ differences }) => differences.length === 0);
}

function rowOf({ jobId, certain, possible }, calls, notRun) {
  const named = new Set([...certain, ...possible]);
  const seen = [
    ...calls.map(({ fireTime, outcome }) => ({ fireTime, outcome })),
    ...notRun.flatMap((range) => fireTimesOf(range, named).map((fireTime) => ({ fireTime, outcome: range.outcome }))),
  ];
  const count = (outcome) => seen.filter((one) => one.outcome === outcome).length;
  const times = new Set(seen.map(({ fireTime }) => fireTime));
  return {
    jobId,
    expected: certain.length + possible.filter((at) => times.has(at)).length,
    seen: seen.length,
    executed: count('executed'),
    failed: count('failed'),
    skipped: count('skipped'),
    coalesced: count('coalesced'),
    missed: count('missed'),
    differences: [
      ...certain.filter((at) => !times.has(at)).map((at) => `${clock(at)} was lost`),
      ...[...times].filter((at) => !named.has(at)).map((at) => `${clock(at)} is not a fire time of it`),
      ...[...times].flatMap((at) => repetition(at, seen)),
    ],
  };
}

/** The ends are always reported; what lies between them, the trigger names. */
function fireTimesOf({ first, last }, named) {
  return [...new Set([first, ...[...named].filter((at) => first < at && at < last), last])];
}

function repetition(at, seen) {
  const outcomes = seen.filter(({ fireTime }) => fireTime === at).map(({ outcome }) => outcome);
  return outcomes.length > 1 ? [`${clock(at)} has ${outcomes.length} outcomes: ${outcomes.join(', ')}`] : [];
}

function of({ jobId }) {
  return (one) => one.jobId === jobId;
}

function clock(ms) {
  return new Date(ms).toISOString().slice(11, 23);
}
