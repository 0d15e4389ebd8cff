// node benchmarks/trigger-kinds.js: what Carillon and cron-parser return for each kind of crontab string that public reports are about.
//
// A case is right if the first fires after an instant are those listed here or in test/vectors, or if a string is refused that must be.
// A missing fire, another fire, an exception, and an accepted string that means nothing are wrong.
import { readFileSync } from 'node:fs';
import { compileTrigger, cron } from '@carillon/core';
import { CronExpressionParser } from 'cron-parser';

const REFUSED = 'refused';
/** Wednesday. */
const AFTER = '2026-04-01T00:00:00Z';
const at = (...fires) => fires.map((fire) => new Date(fire).getTime());

/** By kind: expression, expected result, and, if they differ from the other cases: zone, start instant, bounds. */
const CASES = {
  'steps and lists': [
    ['*/90 * * * *', REFUSED],
    ['5/70 * * * *', REFUSED],
    ['*/61 * * * *', REFUSED],
    ['0 */25 * * *', REFUSED],
    ['*/0 * * * *', REFUSED],
    ['*/7 * * * *', at('2026-04-01T00:07Z', '2026-04-01T00:14Z')],
    ['10-40/15 * * * *', at('2026-04-01T00:10Z', '2026-04-01T00:25Z', '2026-04-01T00:40Z', '2026-04-01T01:10Z')],
    ['50/5 * * * *', at('2026-04-01T00:50Z', '2026-04-01T00:55Z', '2026-04-01T01:50Z')],
    ['0 5,3,3 * * *', at('2026-04-01T03:00Z', '2026-04-01T05:00Z', '2026-04-02T03:00Z')],
    ['0 0 */10 * *', at('2026-04-11T00:00Z', '2026-04-21T00:00Z', '2026-05-01T00:00Z')],
  ],
  'names and wrapping': [
    ['0 0 * * MON-SUN', at('2026-04-02T00:00Z', '2026-04-03T00:00Z', '2026-04-04T00:00Z')],
    ['0 0 * * FRI-MON', at('2026-04-03T00:00Z', '2026-04-04T00:00Z', '2026-04-05T00:00Z', '2026-04-06T00:00Z')],
    ['0 0 * * sun', at('2026-04-05T00:00Z', '2026-04-12T00:00Z')],
    ['0 0 * * 7', at('2026-04-05T00:00Z', '2026-04-12T00:00Z')],
    ['0 0 * * 5-7', at('2026-04-03T00:00Z', '2026-04-04T00:00Z', '2026-04-05T00:00Z', '2026-04-10T00:00Z')],
    ['0 0 1 jan,JUL *', at('2026-07-01T00:00Z', '2027-01-01T00:00Z')],
    ['0 0 1 MAY-JUL *', at('2026-05-01T00:00Z', '2026-06-01T00:00Z', '2026-07-01T00:00Z')],
    ['@monthly', at('2026-05-01T00:00Z', '2026-06-01T00:00Z')],
    ['0 0 * * MONDAY', REFUSED],
    ['0 0 1 MON *', REFUSED],
  ],
  'impossible dates': [
    ['0 0 30 2 *', REFUSED],
    ['0 0 31 2,4,6,9,11 *', REFUSED],
    ['0 0 31 4 *', REFUSED],
    ['30 2 * 3 0L', REFUSED, { zone: 'Europe/Berlin', dst: { gap: 'skip', fold: 'first' } }],
    ['0 0 29 2 *', at('2028-02-29T00:00Z', '2032-02-29T00:00Z')],
    ['0 0 31 * *', at('2026-05-31T00:00Z', '2026-07-31T00:00Z')],
    ['0 0 30 2 1', at('2027-02-01T00:00Z', '2027-02-08T00:00Z')],
  ],
  'limits of fields': [
    ...['60 * * * *', '* 24 * * *', '* * 0 * *', '* * 32 * *', '* * * 13 *', '* * * 0 *', '* * * * 8'],
    ...['-1 * * * *', '1.5 * * * *', '1e1 * * * *', '30-10 * * * *', '1, * * * *', '1-2-3 * * * *', '* * * *', ''],
    ...['0 ? * * *', '0 0 1 1 * 2030 1', '99999999999999999999 * * * *'],
  ].map((expression) => [expression, REFUSED]),
  'time zones': [
    ['0 12 * * *', at('2026-04-01T06:15Z', '2026-04-02T06:15Z'), { zone: 'Asia/Kathmandu' }],
    ['0 12 * * *', at('2026-04-01T16:00Z', '2026-04-02T16:00Z'), { zone: 'America/New_York' }],
    [
      '0 12 * * *',
      at('2026-03-31T22:00Z', '2026-04-01T22:00Z'),
      { zone: 'Pacific/Kiritimati', after: '2026-03-31T00:00Z' },
    ],
    ['0 12 * * *', REFUSED, { zone: 'Mars/X' }],
    ['0 12 * * *', REFUSED, { zone: 'Europe/Berlin ' }],
    ['0 12 * * *', REFUSED, { zone: '+02:00' }],
  ],
  seconds: [
    ['*/20 * * * * *', at('2026-04-01T00:00:20Z', '2026-04-01T00:00:40Z', '2026-04-01T00:01:00Z')],
    ['30 0 0 * * *', at('2026-04-01T00:00:30Z', '2026-04-02T00:00:30Z')],
    ['60 * * * * *', REFUSED],
    ['59 59 23 31 12 *', at('2026-12-31T23:59:59Z', '2027-12-31T23:59:59Z')],
  ],
  'next at bounds': [
    ['0 0 * * *', at('2026-04-02T00:00Z')],
    ['0 0 * * *', at('2026-04-01T00:00Z'), { after: '2026-03-31T23:59:59.999Z' }],
    ['0 0 * * *', at('2026-04-02T00:00Z'), { after: '2026-04-01T00:00:00.001Z' }],
    ['* * * * * *', at('2026-04-01T00:00:01Z'), { after: '2026-04-01T00:00:00.500Z' }],
    ['0 0 1 1 *', at('2027-01-01T00:00Z'), { after: '2026-01-01T00:00:00Z' }],
    [
      '0 9 * * *',
      at('2026-04-03T09:00Z'),
      { endAt: '2026-04-03T09:00:00Z', after: '2026-04-02T09:00:00Z', ends: true },
    ],
    ['0 9 * * *', at('2026-04-03T09:00Z', '2026-04-04T09:00Z'), { startAt: '2026-04-03T09:00:00Z' }],
    ['0 9 * * *', at(), { endAt: '2026-04-03T09:00:00Z', after: '2026-04-03T09:00:00Z', ends: true }],
  ],
};

const READERS = {
  Carillon: (expression, { zone, dst, startAt, endAt }, after) => {
    const { nextMs } = compileTrigger(cron(expression, { timezone: zone, dst, startAt, endAt }));
    let time = after;
    return () => {
      time = nextMs(time);
      return time;
    };
  },
  'cron-parser': (expression, { zone = 'UTC', startAt, endAt }, after) => {
    const bounds = { ...(startAt && { startDate: startAt }), ...(endAt && { endDate: endAt }) };
    const currentDate = new Date(Math.max(after, startAt ? Date.parse(startAt) - 1 : after));
    const parsed = CronExpressionParser.parse(expression, { tz: zone, currentDate, ...bounds });
    return () => {
      try {
        return parsed.next().getTime();
      } catch (error) {
        if (endAt && /out of the time ?span/i.test(error.message)) return null;
        throw error;
      }
    };
  },
};

const counts = {};
for (const [kind, cases] of Object.entries(CASES))
  for (const [expression, fires, options = {}] of cases) {
    ask(kind, expression, options, Date.parse(options.after ?? AFTER), fires, options.ends);
  }
for (const { trigger, after, fires } of lines('triggers.jsonl')) {
  const { expression, timezone: zone, ...options } = trigger;
  if (!expression) continue;
  ask(
    'around changes of clocks (test/vectors/triggers.jsonl)',
    expression,
    { zone, ...options },
    Date.parse(after),
    at(...fires),
  );
}
for (const [expression, zone, after, minutes] of lines('days.jsonl')) {
  if (typeof expression !== 'string') continue;
  let time = after * 60_000;
  const fires = minutes.map((more) => {
    time += more * 60_000;
    return time;
  });
  ask(`days: ${formOf(expression)} (test/vectors/days.jsonl)`, expression, { zone }, after * 60_000, fires);
}
console.table(counts);

function lines(name) {
  const text = readFileSync(new URL(`../test/vectors/${name}`, import.meta.url), 'utf8');
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

function formOf(expression) {
  if (/\dW|LW/.test(expression)) return 'nearest and last weekday';
  if (/L-\d/.test(expression)) return 'days before the last';
  if (/#.*#/.test(expression)) return 'several #';
  if (/[a-z]-[a-z]/i.test(expression)) return 'ranges of weekdays, alone or with others';
  return 'L, xL, one #, alone or with plain days';
}

function ask(kind, expression, options, after, fires, ends) {
  counts[kind] ??= { cases: 0 };
  const count = counts[kind];
  count.cases++;
  for (const [name, read] of Object.entries(READERS)) {
    const answer = answerOf(read, expression, options, after, fires, ends);
    const key = `${name}: ${answer}`;
    count[key] = (count[key] ?? 0) + 1;
    const place = options.zone ? ` in ${options.zone}` : '';
    if (answer !== 'right' && !/vectors/.test(kind)) console.log(`${name}, ${kind}: ${expression}${place}: ${answer}`);
  }
}

function answerOf(read, expression, options, after, fires, ends) {
  let next;
  try {
    next = read(expression, options, after);
    if (fires === REFUSED) return 'taken';
  } catch {
    return fires === REFUSED ? 'right' : REFUSED;
  }
  try {
    for (const fire of ends ? [...fires, null] : fires) if (next() !== fire) return 'wrong';
  } catch {
    return 'throws';
  }
  return 'right';
}
