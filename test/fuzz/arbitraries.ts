import fc from 'fast-check';
import { sweep } from '../support/sweep.js';

const more = sweep(0.25, 1) * Number(process.env.CARILLON_FUZZ ?? 1);

/** Returns parameters for `count` runs, scaled by the sweep and `CARILLON_FUZZ`. If a run fails, fast-check prints the seed that replays it. */
export function runs(count: number): fc.Parameters<unknown> {
  const seed = process.env.CARILLON_FUZZ_SEED;
  return { numRuns: Math.ceil(count * more), ...(seed === undefined ? {} : { seed: Number(seed) }) };
}

/** Scales a count for a whole sweep down to the runs of this one. */
export const among = (count: number) => Math.floor(count * Math.min(1, more));

/** Long enough for the runs that `CARILLON_FUZZ` asks for. */
export const FUZZ_TIMEOUT_MS = Math.ceil(120_000 * Math.max(1, more));

class Instance {
  readonly value = 1;
}

const circle: Record<string, unknown> = {};
circle.self = circle;
const deep = Array.from({ length: 200 }).reduce<unknown>((inner) => [inner], 0);

/** Values that break code that assumes another type or form. */
const awkward = fc.constantFrom<unknown>(
  undefined,
  null,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  -0,
  2 ** 53,
  1e308,
  0.1,
  Symbol('a symbol'),
  10n ** 30n,
  () => {},
  new Date(Number.NaN),
  new Date(8.64e15),
  new Instance(),
  new Map([['a', 1]]),
  new Set([1]),
  /x/,
  new Error('an error'),
  Promise.resolve(1),
  new Uint8Array(3),
  Object.create(null),
  Object.create({ inherited: true }),
  circle,
  deep,
  { toString: 1 },
  { toJSON: () => 'another' },
  { length: 3 },
  JSON.parse('{"__proto__":{"polluted":true},"constructor":1}'),
  // biome-ignore lint/suspicious/noSparseArray: that is what is given
  [1, , 3],
  new Array(5),
);

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.string({ maxLength: 20 }),
  fc.constantFrom(
    '',
    ' ',
    '\0',
    'a\nb',
    '\ud800',
    '{}',
    '__proto__',
    'constructor',
    'x'.repeat(256),
    '5m',
    '1e3s',
    '-1s',
  ),
  fc.constantFrom('* * * * *', '61 * * * *', '@daily', 'H H * * *', 'Europe/Berlin', 'Mars/Olympus', '2026-13-45'),
);

/** Anything at all. */
export const anything: fc.Arbitrary<unknown> = fc.oneof(
  awkward,
  text,
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.date({ noInvalidDate: false }),
  fc.anything({ maxDepth: 3, withBigInt: true, withDate: true, withMap: true, withNullPrototype: true, withSet: true }),
  fc.object({ maxDepth: 3 }),
);

/** The right value most of the time, otherwise anything. */
export function mostly<T>(right: fc.Arbitrary<T>): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 6, arbitrary: right }, { weight: 1, arbitrary: anything });
}

/** The right value, the right value with one or two parts replaced, added or removed down to a depth, or anything. */
export function damaged<T>(right: fc.Arbitrary<T>): fc.Arbitrary<unknown> {
  const change = fc.tuple(fc.nat(), fc.constantFrom('replace', 'replace', 'add', 'remove'), fc.string(), anything);
  return fc.oneof(
    { weight: 5, arbitrary: right },
    {
      weight: 8,
      arbitrary: fc
        .tuple(right, fc.array(change, { minLength: 1, maxLength: 2 }))
        .map(([value, changes]) => changes.reduce<unknown>((changed, one) => withChange(changed, ...one), value)),
    },
    { weight: 1, arbitrary: anything },
  );
}

function withChange(value: unknown, at: number, how: string, name: string, by: unknown): unknown {
  const places = placesIn(value);
  const [place = [] as string[]] = places.slice(at % Math.max(1, places.length));
  return changeAt(value, place, how, name, by);
}

const DEEPEST = 6;

function placesIn(value: unknown, depth = 0): string[][] {
  if (!isPlain(value) || depth === DEEPEST) return [];
  return Object.entries(value).flatMap(([name, inner]) => [
    [name],
    ...placesIn(inner, depth + 1).map((rest) => [name, ...rest]),
  ]);
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  return Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
}

function changeAt(value: unknown, [name, ...rest]: string[], how: string, added: string, by: unknown): unknown {
  if (!isPlain(value) || name === undefined) return by;
  const copy = (Array.isArray(value) ? [...value] : { ...value }) as Record<string, unknown>;
  if (rest.length > 0) copy[name] = changeAt(value[name], rest, how, added, by);
  else if (how === 'replace') copy[name] = by;
  else if (how === 'remove') delete copy[name];
  // The length of an array cannot be set to any value.
  else if (!Array.isArray(value) || added !== 'length') copy[added] = by;
  return copy;
}
