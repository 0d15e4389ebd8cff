// node benchmarks/trigger-report.js: cron triggers around changes of clocks, compared with cron-parser and croner.
//
// A case is a zone, a change of its clocks and an expression. The fires are walked from three days before the change to
// three days after, and asked for again from many instants between. A case fails under the first of these that holds:
//   throws   an answer is an exception
//   past     an answer is not after the instant that was asked about
//   depends  asked from another instant, the answer is not the next one of the walk
//   lost     a matching wall-clock time that the clock shows just once does not fire
//   skipped  an expression of one time a day lets more than 36 hours pass: it skipped a day
// Apart from that, each library may resolve a time in a gap or a fold in its own way. The judge reads only Intl.
import { compileTrigger, cron } from '@carillon/core';
import { CronExpressionParser } from 'cron-parser';
import { Cron } from 'croner';

const MINUTE = 60_000;
const DAY = 1_440 * MINUTE;

const ZONES = [
  'Africa/Cairo',
  'Africa/Casablanca',
  'America/Asuncion',
  'America/Havana',
  'America/New_York',
  'America/Nuuk',
  'America/Santiago',
  'America/Sao_Paulo',
  'America/St_Johns',
  'Antarctica/Troll',
  'Asia/Beirut',
  'Asia/Gaza',
  'Asia/Jerusalem',
  'Asia/Kathmandu',
  'Asia/Tehran',
  'Atlantic/Azores',
  'Australia/Adelaide',
  'Australia/Lord_Howe',
  'Australia/Sydney',
  'Europe/Berlin',
  'Europe/Dublin',
  'Europe/Lisbon',
  'Pacific/Apia',
  'Pacific/Auckland',
  'Pacific/Chatham',
  'Pacific/Easter',
  'Pacific/Norfolk',
  'UTC',
];

const of = (minutes, hours) => ({ minutes, hours });
const ALL_HOURS = Array.from({ length: 24 }, (_, hour) => hour);
const EXPRESSIONS = {
  '0 0 * * *': of([0], [0]),
  '15 0 * * *': of([15], [0]),
  '30 1 * * *': of([30], [1]),
  '15 2 * * *': of([15], [2]),
  '45 2 * * *': of([45], [2]),
  '0 3 * * *': of([0], [3]),
  '50 3 * * *': of([50], [3]),
  '30 23 * * *': of([30], [23]),
  '0 9 * * *': of([0], [9]),
  '*/20 1-3 * * *': of([0, 20, 40], [1, 2, 3]),
  '*/30 * * * *': of([0, 30], ALL_HOURS),
  '0 */2 * * *': of(
    [0],
    ALL_HOURS.filter((hour) => hour % 2 === 0),
  ),
};

const LIBRARIES = {
  carillon: (expression, timezone) => compileTrigger(cron(expression, { timezone })).next,
  'cron-parser': (expression, tz) => {
    const parsed = CronExpressionParser.parse(expression, { tz });
    return (after) => {
      parsed.reset(after);
      return parsed.next().toDate();
    };
  },
  croner: (expression, timezone) => {
    const job = new Cron(expression, { timezone, paused: true });
    return (after) => job.nextRun(after);
  },
};

const failures = Object.fromEntries(
  Object.keys(LIBRARIES).map((name) => [name, { throws: 0, past: 0, depends: 0, lost: 0, skipped: 0 }]),
);
const byZone = {};
let cases = 0;
for (const zone of ZONES) {
  const shownAt = clockOf(zone);
  for (const change of changesOf(zone, shownAt)) {
    const place = placeAround(change, shownAt);
    for (const [expression, fields] of Object.entries(EXPRESSIONS)) {
      cases++;
      for (const [name, make] of Object.entries(LIBRARIES)) {
        const failure = failureOf(make(expression, zone), place, fields);
        if (!failure) continue;
        failures[name][failure]++;
        byZone[zone] ??= Object.fromEntries(Object.keys(LIBRARIES).map((library) => [library, 0]));
        byZone[zone][name]++;
      }
    }
  }
}

console.log(`${cases} cases in ${ZONES.length} zones; failures:`);
console.table(
  Object.fromEntries(
    Object.entries(failures).map(([name, kinds]) => [
      name,
      { ...kinds, all: Object.values(kinds).reduce((sum, count) => sum + count, 0) },
    ]),
  ),
);
console.log('\nby zone:');
console.table(byZone);
process.exitCode = Object.values(failures.carillon).some((count) => count > 0) ? 1 : 0;

function failureOf(next, { from, to, once }, { minutes, hours }) {
  const walk = [];
  try {
    for (let time = from; time <= to; ) {
      const answer = next(new Date(time))?.getTime() ?? Number.POSITIVE_INFINITY;
      if (answer <= time) return 'past';
      walk.push(answer);
      time = answer;
    }
    for (let asked = from, later = 0; asked < to; asked += 37 * MINUTE + 1_000) {
      while (walk[later] <= asked) later++;
      const answer = next(new Date(asked))?.getTime() ?? Number.POSITIVE_INFINITY;
      if (answer <= asked) return 'past';
      if (answer !== walk[later]) return 'depends';
    }
  } catch {
    return 'throws';
  }
  const fired = new Set(walk);
  const matches = ([, shown]) => minutes.includes(shown.getUTCMinutes()) && hours.includes(shown.getUTCHours());
  if (once.filter(matches).some(([instant]) => !fired.has(instant))) return 'lost';
  const daily = minutes.length === 1 && hours.length === 1;
  return daily && walk.some((fire, index) => fire - (walk[index - 1] ?? fire) > 1.5 * DAY) ? 'skipped' : undefined;
}

/** Three days on both sides of a change, and their minutes that the clock shows just once. */
function placeAround(change, shownAt) {
  const [from, to] = [change - 3 * DAY, change + 3 * DAY];
  const times = new Map();
  for (let instant = from - DAY; instant <= to + DAY; instant += MINUTE) {
    const shown = shownAt(instant);
    times.set(shown, [...(times.get(shown) ?? []), instant]);
  }
  const once = [...times]
    .filter(([, instants]) => instants.length === 1)
    .map(([shown, [instant]]) => [instant, new Date(shown)]);
  return { from, to, once: once.filter(([instant]) => instant > from && instant <= to) };
}

/** Instants from 2026 to 2027 at which a zone's offset changes, and the day that Samoa skipped. */
function changesOf(zone, shownAt) {
  const changes = zone === 'Pacific/Apia' ? [Date.parse('2011-12-30T10:00Z')] : [];
  const offset = (instant) => shownAt(instant) - instant;
  for (let day = Date.UTC(2026, 0, 1); day < Date.UTC(2028, 0, 1); day += DAY) {
    let [before, after] = [day, day + DAY];
    if (offset(before) === offset(after)) continue;
    while (after - before > MINUTE) {
      const between = before + Math.floor((after - before) / MINUTE / 2) * MINUTE;
      if (offset(between) === offset(before)) before = between;
      else after = between;
    }
    changes.push(after);
  }
  return changes.length > 0 ? changes : [Date.UTC(2026, 2, 29)];
}

function clockOf(timeZone) {
  const fields = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' };
  const format = new Intl.DateTimeFormat('en-US', { timeZone, hourCycle: 'h23', ...fields });
  return (instant) => {
    const [month, day, year, hour, minute] = format.format(instant).match(/\d+/g).map(Number);
    return Date.UTC(year, month - 1, day, hour, minute);
  };
}
