import fc from 'fast-check';
import { damaged } from './arbitraries.js';

const name = fc.stringMatching(/^[A-Za-z0-9._-]{1,12}$/);
export const ids: fc.Arbitrary<string> = fc.oneof(
  name,
  fc.constantFrom('a', 'b', 'ünï😀', 'a:b', '__proto__', '123', ' ', 'it\'s "quoted" \\', 'x'.repeat(255)),
);
export const taskNames = fc.constantFrom('ping', 'report.daily', 'a:b/c', 'x'.repeat(128));
const durations = fc.oneof(
  fc.integer({ min: 1, max: 1e8 }),
  fc
    .tuple(fc.integer({ min: 1, max: 20 }), fc.constantFrom('ms', 's', 'm', 'h', 'd'))
    .map(([amount, unit]) => `${amount}${unit}`),
);
const dates = fc.date({ min: new Date(Date.UTC(2050)), max: new Date(Date.UTC(2099)), noInvalidDate: true });
const isoDates = dates.map((date) => date.toISOString());
const zones = fc.constantFrom('UTC', 'Europe/Berlin', 'Pacific/Chatham', 'Australia/Lord_Howe');
const json = fc.jsonValue({ maxDepth: 3 });

/** An object with these fields. The `required` ones are always there; any other may be missing. */
function fields<T extends Record<string, fc.Arbitrary<unknown>>>(given: T, required: (keyof T & string)[] = []) {
  return fc.record(given, { requiredKeys: required as [] }) as fc.Arbitrary<object>;
}

const expressions = fc.oneof(
  fc
    .tuple(
      fc.constantFrom('0', '*/15', 'H', '5,35'),
      fc.constantFrom('*', '2', '*/3', '1-4', 'H'),
      fc.constantFrom('*', '1', 'L', '15'),
      fc.constantFrom('*', '3', 'jan', '2-11/3'),
      fc.constantFrom('*', '1-5', '5L', '1#2', 'sun'),
    )
    .map((parts) => parts.join(' ')),
  fc.constantFrom('@daily', '@hourly', '0 9 * * 1-5'),
);

const leaf = fc.oneof(
  fields({ type: fc.constant('date'), at: isoDates }, ['type', 'at']),
  fields(
    {
      type: fc.constant('interval'),
      seconds: fc.integer({ min: 1, max: 1e6 }),
      minutes: fc.nat(100),
      jitter: durations,
      startAt: isoDates,
    },
    ['type', 'seconds'],
  ),
  fields({ type: fc.constant('interval'), hours: fc.integer({ min: 1, max: 100 }), endAt: isoDates }, [
    'type',
    'hours',
  ]),
  fields(
    { type: fc.constant('cron'), expression: expressions, timezone: zones, jitter: durations, startAt: isoDates },
    ['type', 'expression'],
  ),
  fields(
    {
      type: fc.constant('cron'),
      fields: fields(
        { hour: fc.constantFrom('*/2', 9), day: fc.constantFrom('last', '3rd mon', 1), minute: fc.nat(59) },
        ['hour'],
      ),
      dst: fields({ gap: fc.constantFrom('shift', 'skip'), fold: fc.constantFrom('first', 'second', 'both') }),
    },
    ['type', 'fields'],
  ),
  fields(
    {
      type: fc.constant('calendarInterval'),
      months: fc.integer({ min: 1, max: 12 }),
      hour: fc.nat(23),
      timezone: zones,
    },
    ['type', 'months'],
  ),
);

/** Triggers in their JSON form. */
const rightTriggers: fc.Arbitrary<object> = fc.oneof(
  { weight: 4, arbitrary: leaf },
  {
    weight: 1,
    arbitrary: fields({ type: fc.constant('or'), triggers: fc.array(leaf, { minLength: 1, maxLength: 4 }) }, [
      'type',
      'triggers',
    ]),
  },
);

const execution = {
  executor: name,
  priority: fc.nat(1000),
  timeout: fc.option(durations),
  retry: fc.option(
    fields(
      {
        attempts: fc.integer({ min: 1, max: 100 }),
        backoff: fields(
          { type: fc.constantFrom('fixed', 'exponential'), delay: durations, jitter: fc.constantFrom(0, 0.5, 1) },
          ['delay'],
        ),
      },
      ['attempts'],
    ),
  ),
};

const policy = {
  ...execution,
  maxInstances: fc.integer({ min: 1, max: 100 }),
  misfireGraceTime: fc.option(durations),
  coalesce: fc.boolean(),
  overlap: fc.constantFrom('skip', 'queue', 'replace'),
  history: fc.option(fields({ perJob: fc.integer({ min: 1, max: 10_000 }), age: durations })),
};

const call = {
  task: taskNames,
  args: fc.array(json, { maxLength: 4 }),
  kwargs: fc.dictionary(fc.string(), json, { maxKeys: 4 }),
};

const job = {
  name: ids,
  tags: fc.array(fc.oneof(ids, fc.constantFrom('billing', 'team:a', 'Zürich')), { maxLength: 12 }),
  description: fc.option(ids),
  trigger: rightTriggers,
  nextRunTime: fc.option(dates),
  maxRuns: fc.option(fc.integer({ min: 1, max: 1000 })),
  metrics: fc.boolean(),
};

export const triggers = damaged(rightTriggers);
export const specs = damaged(fields({ ...call, ...policy, ...job, id: ids, replaceExisting: fc.boolean() }, ['task']));
export const changes = damaged(fields({ ...call, ...policy, ...job }, ['task']));
export const enqueueOptions = damaged(fields({ ...execution, history: fc.option(fields({ age: durations })) }));
