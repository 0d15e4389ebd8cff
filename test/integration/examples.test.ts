import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from 'vitest';
import { ownPrefix, redisUrl } from '../support/redis.js';

const run = promisify(execFile);

/** The least that each example prints. */
const EXAMPLES = {
  'first-job.js': [/Hello, world!/, /Hello, you!/, /settled: greet-world, value 5/],
  'split/run.js': [/producer: sent to you@example\.org: Welcome/, /producer: sent to everybody@example\.org: News/],
  'events-without-carillon.js': [/job_added #1 soon/, /job_submitted #1 soon/, /job_executed #1 soon/],
  'fastify-producer.js': [/the server said 202/, /the server said 200/, /shipping a bell/],
  'misfires.js': [/coalesced: runs for 1, coalesced older ones/, /each: runs for \d\d/, /in-time: missed .* to /],
  'fair-share.js': [/the first leads 4/, /leader lost, handed_over/, /both lead 2/, /the second leads 4/],
  'shared-concurrency.js': [/urgent is through, bulk is not half way/, /at most 4 at once/],
  'job-stores.js': [/jobstore_added: acme[\s\S]*billing in acme[\s\S]*jobstore_removed: acme[\s\S]*billing in default/],
  'results.js': [
    /not yet: (queued|running)/,
    /resized: \{ width: 80, height: 60 \}/,
    /an hour: executed/,
    /failed: RangeError: 0 is/,
  ],
  'retry.js': [
    /attempt 1 failed \(the mail server is busy\), the next one in \d+ ms/,
    /attempt 2 failed/,
    /sent at attempt 3/,
  ],
  'jobs-from-tasks.js': [
    /the job review-7 is added/,
    /mail to ann@[\s\S]*mail to bob@|mail to bob@[\s\S]*mail to ann@/,
    /it is there: mail\.send/,
  ],
  'cancel.js': [
    /birthday: cancelled/,
    /holidays: cancelling/,
    /cancelled: holidays/,
    /holidays: RUN_CANCELLED/,
    /wedding: RUN_CANCELLED/,
  ],
  'overlap.js': [
    /skip: first worked, second did not run, third did not run/,
    /queue: first worked, second did not run, third worked/,
    /replace: first was cancelled, second was cancelled, third worked/,
  ],
  'max-runs.js': [
    /3 of 3 runs left/,
    /(remember: the milk\n[\s\S]*){3}/,
    /job reminder: finished/,
    /it is finished: true/,
  ],
  'priority.js': [/printing the alarm\nprinting a report\nprinting the archive/],
  'history.js': [
    /(count: (executed|error), .*\n){4}/,
    // Four of seven runs fail, so any four that are kept include one of them. Runs that end in one millisecond are in no order.
    /count: error, "every other one fails"/,
    /copy: running, file \d+ of 10/,
  ],
  'thread-executor.js': [/78498 primes, counted in a thread\n148933 primes/, /the event loop went on meanwhile/],
  'process-executor.js': [
    /EXECUTOR_DIED: the child process of the task died: it ended with SIGKILL/,
    /its neighbour counted 148933 primes in process (\d+); this is process (?!\1\n)/,
  ],
  'setup-teardown.js': [
    /^setup: the ledger is open\nbooked 100, 20, 3\nteardown: the ledger is closed\nnothing is open any more$/m,
  ],
  'timeout.js': [/obeys its signal: RUN_TIMEOUT/, /a busy loop in a thread: RUN_TIMEOUT/, /then: 168 primes/],
  'rate-limit.js': [/7 calls took two seconds or more/, /2 imports at once, at most/],
  'add-executor.js': [
    /before: queued/,
    /executor_added: mail \(async, 5 at once\)/,
    /after: sent to ann@example\.org/,
    /executor_removed: mail/,
    /left: default/,
  ],
  'replay-listener.js': [/heard 1,2,3,4,5\nheard 6,7,8,9,10\nheard 11,12,13,14,15/],
  'from-node-cron.js': [/carillon: tick/],
  'from-bullmq.js': [/bullmq: sync 7/, /carillon: sync 7/],
};

const FILES = Object.keys(EXAMPLES);
/** These start processes of their own, or end their own process. */
const ALONE = ['split/run.js'];
const PROCESSES = 3;
/** Five times what it takes on a busy machine. */
const LIMIT_MS = 300_000;

const environment = () => ({ ...process.env, REDIS_URL: redisUrl(), CARILLON_PREFIX: ownPrefix() });
const urlOf = (file: string) => new URL(`../../examples/${file}`, import.meta.url);

interface Said {
  readonly stdout: string;
  readonly stderr: string;
}

const PARTS = /\0\d+\0/;

/** Runs these in one process, which must end by itself: none may leave anything open. Returns what each prints, or an error. */
async function sayingsOf(files: readonly string[]): Promise<Map<string, Said | Error>> {
  const program = fileURLToPath(new URL('../support/processes/examples.js', import.meta.url));
  const args = [program, ...files.map((file) => urlOf(file).href)];
  // On SIGTERM the process prints what it has open. Output is lost if execFile's own limit ends it.
  const options = { env: environment(), timeout: LIMIT_MS + 5_000, killSignal: 'SIGKILL' } as const;
  const running = run(process.execPath, args, options);
  const limit = setTimeout(() => running.child.kill('SIGTERM'), LIMIT_MS);
  const ended = await running.then(
    (said) => ({ ...said, isWell: true }),
    ({ stdout, stderr }: Said) => ({ stdout, stderr, isWell: false }),
  );
  clearTimeout(limit);
  const [before = '', ...stderr] = ended.stderr.split(PARTS);
  const stdout = ended.stdout.split(PARTS).slice(1);
  // The last one that began. After all of them, this is the part that follows their end.
  const last = stdout.length - 1;
  const isWell = ended.isWell && last === files.length && before + stderr[last] === '';
  const guilty = files[last] ?? `what one of ${files.join(', ')} left open`;
  const trouble = new Error(`${guilty} failed, or did not end: ${stdout[last] ?? ''}\n${before}${stderr[last] ?? ''}`);
  const isKnown = (index: number) => isWell || index < Math.min(last, files.length - 1);
  const said = (index: number) => ({ stdout: stdout[index] ?? '', stderr: stderr[index] ?? '' });
  return new Map(files.map((file, index) => [file, isKnown(index) ? said(index) : trouble]));
}

let together: readonly Promise<Map<string, Said | Error>>[];

beforeAll(() => {
  const files = FILES.filter((file) => !ALONE.includes(file));
  together = Array.from({ length: PROCESSES }, (_, at) =>
    sayingsOf(files.filter((_, index) => index % PROCESSES === at)),
  );
});

test.concurrent.each(Object.entries(EXAMPLES))(
  'examples/%s does what it says',
  async (file, sayings) => {
    const said = await (ALONE.includes(file) ? alone(file) : inTurn(file));
    if (said instanceof Error) throw said;
    expect(said.stderr).toBe('');
    for (const saying of sayings) expect(said.stdout).toMatch(saying);
  },
  LIMIT_MS + 10_000,
);

function alone(file: string): Promise<Said> {
  return run(process.execPath, [fileURLToPath(urlOf(file))], { env: environment(), timeout: LIMIT_MS });
}

async function inTurn(file: string): Promise<Said | Error> {
  for (const some of together) {
    const said = (await some).get(file);
    if (said !== undefined) return said;
  }
  throw new Error(`${file} was not run`);
}
