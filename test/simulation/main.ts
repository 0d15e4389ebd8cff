import { startSimulationRedis } from './cluster/redis-server.js';
import { type SimulationOptions, simulationOptions, USAGE } from './options.js';
import { type Place, Player } from './player.js';
import { playAll } from './pool.js';
import { failureText, Totals } from './totals.js';

const MOST_FAILURES = 5;
const MOST_SHOWN = 3;

const options = optionsOf(process.argv.slice(2));
if (options === 'help') console.log(USAGE);
else process.exitCode = await simulate(options);

/** Ends the process with exit code 2 if the options are wrong. */
function optionsOf(args: readonly string[]): SimulationOptions | 'help' {
  try {
    return simulationOptions(args);
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${USAGE}`);
    return process.exit(2);
  }
}

/** Resolves with the exit code. */
async function simulate(options: SimulationOptions): Promise<number> {
  const totals = new Totals();
  const server = options.redis ? await startSimulationRedis() : null;
  const { compare, everyInstant, seed } = options;
  const place = { redis: server?.url ?? null, compare, everyInstant };
  const begun = performance.now();
  try {
    if (seed === undefined) await playMany(options, place, totals);
    else await playOne(options, place, seed, totals);
  } finally {
    await server?.stop();
  }
  console.log(totals.text((performance.now() - begun) / 1_000));
  if (totals.failed.length === 0) return 0;
  console.log(`seeds: ${totals.failed.map(({ seed }) => seed).join(', ')}`);
  return 1;
}

async function playMany(options: SimulationOptions, place: Place, totals: Totals): Promise<void> {
  const mostFailures = options.untilFound ? 1 : MOST_FAILURES;
  await playAll(range(options.from, options.seeds), place, (played) => {
    totals.add(played);
    if (played.violations.length > 0 && totals.failed.length <= MOST_SHOWN)
      console.log(`${failureText(played, options)}\n`);
    if (totals.seeds % 1_000 === 0) console.error(`${totals.seeds} seeds, ${totals.failed.length} with violations`);
    return totals.failed.length < mostFailures;
  });
}

async function playOne({ allLines, redis, compare }: SimulationOptions, place: Place, seed: number, totals: Totals) {
  const player = new Player(place);
  const played = await player.play(seed, { keepTranscript: true, allLines });
  await player.close();
  totals.add(played);
  console.log(`${failureText(played, { redis, compare })}\n`);
}

function* range(from: number, count: number): Iterable<number> {
  for (let seed = from; seed < from + count; seed++) yield seed;
}
