import { changeJobs } from './acts/change-jobs.js';
import { addFirstJobs } from './acts/first-jobs.js';
import { reckon } from './acts/reckoning.js';
import { restartEverything } from './acts/restart.js';
import { setUp } from './acts/set-up.js';
import { takeOver } from './acts/takeover.js';
import { Grid } from './grid.js';
import { Observer } from './observer.js';
import { Roster } from './roster.js';
import { Rows } from './rows.js';

/** When what happens, seconds from the first fire times on. Changes are made well between two fire times. */
const PLAN = { kill: 8.4, change: 15, restart: 18.4, end: 30 };
/** The demo has a minute; the tally waits no longer than until here for what is still missing. */
const LIMIT_MS = 55_000;

/**
 * @typedef {object} Show
 * @property {import('./stage.js').Stage} stage
 * @property {import('./narrator.js').Narrator} narrator
 * @property {Observer} observer
 * @property {Grid} grid
 * @property {Rows} rows
 * @property {Roster} roster
 * @property {number} start ms, a whole second
 * @property {number} end ms
 * @property {number} limit ms
 */

/**
 * Plays the demo, and returns whether every fire time is accounted for.
 * @param {import('./stage.js').Stage} stage
 * @param {{ readonly hasConsole?: boolean }} [options]
 */
export async function play(stage, { hasConsole = false } = {}) {
  const { narrator } = stage;
  narrator.say(
    'Carillon is a distributed job scheduler: jobs are kept in Redis, and any number of processes share the work. ' +
      'This demo runs a small cluster for about 40 seconds, kills its leader, restarts everything, and then counts ' +
      'whether a single fire time was lost.',
  );
  await stage.prepare();
  const limit = stage.now() + LIMIT_MS;
  const roster = new Roster();
  const grid = new Grid(narrator, (workerId) => stage.cluster.nameOf(workerId));
  const observer = new Observer({
    report: (outcome) => grid.add(outcome),
    countOf: (jobId, first, last) => roster.countOf(jobId, first, last),
  });
  const show = { stage, narrator, observer, grid, rows: new Rows(grid), roster, limit };

  await setUp(show);
  if (hasConsole) {
    const { url, token } = await stage.openConsole();
    narrator.line();
    narrator.line(`  The console: ${url}`);
    narrator.line(`  log in with  ${token}`);
  }
  show.start = Math.ceil((stage.now() + 1_500) / 1_000) * 1_000;
  show.end = show.start + PLAN.end * 1_000;
  const at = (seconds) => stage.until(show.start + seconds * 1_000);
  await addFirstJobs(show);
  await at(PLAN.kill);
  await takeOver(show);
  await at(PLAN.change);
  await changeJobs(show);
  await at(PLAN.restart);
  await restartEverything(show);
  await at(PLAN.end);
  return reckon(show);
}
