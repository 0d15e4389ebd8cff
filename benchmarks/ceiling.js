import { apscheduler } from './contenders/apscheduler.js';
import { bullmq } from './contenders/bullmq.js';
import { carillon, carillonWithMetrics } from './contenders/carillon.js';
import { highestLoad } from './search.js';
import { step } from './step.js';

const FULL = { loads: { least: 60, from: 500, to: 128_000, within: 0.1 }, times: { warmUpS: 4, measuredS: 10 } };
const QUICK = { loads: { least: 50, from: 50, to: 50, within: 0.1 }, times: { warmUpS: 0.5, measuredS: 2 } };

/**
 * Finds the highest load that each contender keeps up with, in turn, then measures each at half of that. `metrics` compares Carillon with
 * and without metrics instead. `only` runs single steps with its loads, in order, of Carillon or of the named contenders.
 */
export async function ceiling({ quick, metrics = false, only = null }) {
  const { loads, times } = quick ? QUICK : FULL;
  if (only) return { steps: await single(only, times) };
  const contenders = metrics ? [carillon, carillonWithMetrics] : [carillon, bullmq, apscheduler].filter(isThere);
  const searches = contenders.map((contender) => ({ contender, search: highestLoad(loads), steps: [], highest: null }));
  for (const one of searches) one.turn = one.search.next();
  while (searches.some(({ turn }) => !turn.done)) {
    for (const one of searches.filter(({ turn }) => !turn.done)) {
      const figures = await step(one.contender, one.turn.value, times);
      one.steps.push(shown(figures));
      one.turn = one.search.next(figures.keptUp);
    }
  }
  for (const { contender, steps, turn } of quick ? [] : searches) {
    const half = Math.round(turn.value / 2);
    if (half > 0 && !steps.some(({ load }) => load === half)) steps.push(shown(await step(contender, half, times)));
  }
  return {
    steps: searches.flatMap(({ steps }) => steps.toSorted((a, b) => a.load - b.load)),
    ceilings: searches.map(({ contender, turn }) => ({ what: contender.name, load: turn.value })),
  };
}

async function single({ loads, names }, times) {
  const steps = [];
  for (const load of loads) {
    for (const name of names.length > 0 ? names : [carillon.name]) {
      const contender = [carillon, carillonWithMetrics, bullmq, apscheduler].find((one) => one.name === name);
      if (!contender) throw new Error(`--of: there is no contender ${JSON.stringify(name)}`);
      steps.push(shown(await step(contender, load, times)));
    }
  }
  return steps;
}

/** Returns the highest load that this one keeps up with, and the load at which it had the most runs a second. */
export async function ceilingOf(contender, { loads, times }) {
  const search = highestLoad(loads);
  let [most, mostAt] = [0, 0];
  let turn = search.next();
  while (!turn.done) {
    const { keptUp, runsPerSecond } = shown(await step(contender, turn.value, times));
    if (runsPerSecond > most) [most, mostAt] = [runsPerSecond, turn.value];
    turn = search.next(keptUp);
  }
  return { load: turn.value, mostAt };
}

function isThere(contender) {
  const command = contender.missing();
  if (command !== null) console.error(`${contender.name} is left out: it is not installed (${command})`);
  return command === null;
}

function shown(figures) {
  const { what, load, runsPerSecond, p50, p99, keptUp } = figures;
  console.error(`${what}, ${load}/s: ${runsPerSecond}/s, p50 ${p50} ms, p99 ${p99} ms${keptUp ? '' : ', too much'}`);
  return figures;
}
