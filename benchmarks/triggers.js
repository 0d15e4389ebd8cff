// node benchmarks/triggers.js: cron triggers compared with cron-parser and croner, in one run. Figures are thousands per
// second of processor time, which does not grow while other processes are busy.
import { compileTrigger, cron } from '@carillon/core';
import { CronExpressionParser } from 'cron-parser';
import { Cron } from 'croner';

const EXPRESSIONS = ['*/5 * * * *', '30 9 * * 1-5', '0 0 29 2 *'];
const ZONES = [undefined, 'Europe/Berlin'];
const START = new Date('2026-01-01T00:00:00Z');
/** Walks begin again after this many steps: otherwise leap days leave the century. */
const STEPS = 20;
const ROUNDS = 7;

/** How each library is asked for the next fire time, from Date to Date, as its documentation shows. */
const REUSED = {
  carillon(expression, timezone) {
    const trigger = compileTrigger(cron(expression, { timezone }));
    return () => {
      let time = START;
      for (let step = 0; step < STEPS; step++) time = trigger.next(time);
    };
  },
  'cron-parser'(expression, timezone) {
    const parsed = CronExpressionParser.parse(expression, { tz: timezone ?? 'UTC', currentDate: START });
    return () => {
      parsed.reset(START);
      for (let step = 0; step < STEPS; step++) parsed.next().toDate();
    };
  },
  croner(expression, timezone) {
    const job = new Cron(expression, { timezone: timezone ?? 'UTC', paused: true });
    return () => {
      let time = START;
      for (let step = 0; step < STEPS; step++) time = job.nextRun(time);
    };
  },
};

const PARSED = {
  carillon: (expression, timezone) => compileTrigger(cron(expression, { timezone })),
  'cron-parser': (expression, timezone) => CronExpressionParser.parse(expression, { tz: timezone ?? 'UTC' }),
  croner: (expression, timezone) => new Cron(expression, { timezone: timezone ?? 'UTC', paused: true }),
};

console.log('next of a trigger that is kept, thousands a second');
console.table(
  EXPRESSIONS.flatMap((expression) =>
    ZONES.map((timezone) => {
      const walks = mapped(REUSED, (make) => make(expression, timezone));
      return row({ expression, timezone }, measured(walks, STEPS));
    }),
  ),
);

console.log('\nparse, thousands a second (Carillon keeps the newest 1,000 expressions it has read)');
let serial = 0;
console.table(
  ZONES.flatMap((timezone) => {
    const again = mapped(PARSED, (parse) => () => {
      for (const expression of EXPRESSIONS) parse(expression, timezone);
    });
    // Never parses the same expression twice: no cache can help.
    const fresh = mapped(PARSED, (parse) => () => {
      for (let index = 0; index < 10; index++) parse(distinct(serial++), timezone);
    });
    return [
      row({ expression: 'distinct', timezone }, measured(fresh, 10)),
      row({ expression: 'repeated', timezone }, measured(again, EXPRESSIONS.length)),
    ];
  }),
);

/** Returns one of 60 × 24 × 28 × 127 expressions. */
function distinct(number) {
  const days = (Math.floor(number / 40_320) % 127) + 1;
  const weekdays = [0, 1, 2, 3, 4, 5, 6].filter((day) => days & (1 << day));
  return `${number % 60} ${Math.floor(number / 60) % 24} ${(Math.floor(number / 1_440) % 28) + 1} * ${weekdays}`;
}

/** Returns thousands a second, the best of several rounds. The programs take turns, so all meet the same noise. */
function measured(programs, perCall) {
  const calls = mapped(programs, callsFor);
  const best = mapped(programs, () => 0);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, program] of Object.entries(programs)) {
      best[name] = Math.max(best[name], (calls[name] * perCall) / cpuMs(program, calls[name]));
    }
  }
  return best;
}

/** Returns how many calls take 75 ms or more: reading processor time for each call is too slow. */
function callsFor(program) {
  let calls = 1;
  while (cpuMs(program, calls) < 75) calls *= 2;
  return calls;
}

function cpuMs(program, calls) {
  const began = process.cpuUsage();
  for (let call = 0; call < calls; call++) program();
  const { user, system } = process.cpuUsage(began);
  return (user + system) / 1_000;
}

function row({ expression, timezone }, best) {
  const { carillon, ...others } = best;
  const figures = mapped(best, (rate) => Math.round(rate * 10) / 10);
  return {
    expression,
    zone: timezone ?? 'UTC',
    ...figures,
    'times the faster': (carillon / Math.max(...Object.values(others))).toFixed(1),
    'times cron-parser': (carillon / best['cron-parser']).toFixed(1),
  };
}

function mapped(object, map) {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, map(value)]));
}
