import { parseArgs } from 'node:util';
import { startSimulationRedis } from './cluster/redis-server.js';
import { type Place, Player } from './player.js';
import { playAll } from './pool.js';
import { failureText, Totals } from './totals.js';

/**
 * `npm run simulate -- --seeds 10000 [--from N]`, or `--seed N` for one, with its transcript. With `--redis` the job store is in a
 * Redis, which is started for it; with `--compare` besides, each seed has to go there just as in memory. With `--every-instant` all instants of
 * each job are explained, not some of them. Exit code 1: violations.
 */
const MOST_FAILURES = 5;
const MOST_SHOWN = 3;

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1000' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
    redis: { type: 'boolean', default: false },
    compare: { type: 'boolean', default: false },
    'all-lines': { type: 'boolean', default: false },
    'every-instant': { type: 'boolean', default: false },
    'until-found': { type: 'boolean', default: false },
  },
});

const mostFailures = values['until-found'] ? 1 : MOST_FAILURES;
const totals = new Totals();
if (values.compare && !values.redis) throw new Error('--compare is for --redis: what is there to compare?');
const server = values.redis ? await startSimulationRedis() : null;
const place = { redis: server?.url ?? null, compare: values.compare, everyInstant: values['every-instant'] };
const begun = performance.now();
try {
  if (values.seed === undefined)
    await playMany(place, wholeNumber('seeds', values.seeds), wholeNumber('from', values.from));
  else await playOne(place, wholeNumber('seed', values.seed));
} finally {
  await server?.stop();
}
console.log(totals.text((performance.now() - begun) / 1_000));
if (totals.failed.length > 0) {
  console.log(`seeds: ${totals.failed.map(({ seed }) => seed).join(', ')}`);
  process.exitCode = 1;
}

async function playMany(place: Place, count: number, from: number): Promise<void> {
  await playAll(range(from, count), place, (played) => {
    totals.add(played);
    if (played.violations.length > 0 && totals.failed.length <= MOST_SHOWN)
      console.log(`${failureText(played, values)}\n`);
    if (totals.seeds % 1_000 === 0) console.error(`${totals.seeds} seeds, ${totals.failed.length} with violations`);
    return totals.failed.length < mostFailures;
  });
}

async function playOne(place: Place, seed: number): Promise<void> {
  const player = new Player(place);
  const played = await player.play(seed, { keepTranscript: true, allLines: values['all-lines'] });
  await player.close();
  totals.add(played);
  console.log(`${failureText(played, values)}\n`);
}

function* range(from: number, count: number): Iterable<number> {
  for (let seed = from; seed < from + count; seed++) yield seed;
}

function wholeNumber(name: string, text: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= 0) return number;
  throw new Error(`--${name}: ${text} is not a whole number`);
}
