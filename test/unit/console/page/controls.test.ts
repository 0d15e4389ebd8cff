import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const PAGE = 'packages/console/page/src/';
const TESTS = 'test/integration/console/';
/** Controls that a user can type into, choose or press. */
const CONTROL =
  /<(?:button|input|select|textarea|summary|JsonField|QueryField|TextFilter|Choice|ActionDialog|Schema)\b|\bbutton\('|\b(?:field|json)\('/g;

const CLOSED = ['page-controls.long', 'skip the navigation'] as const;
const MORE = ['page-controls.long', 'load more jobs'] as const;
const NARROWED = ['page-controls.long', 'narrow the list'] as const;
const EDITED = ['page-controls.long', 'edit tags'] as const;
const UNFILTERED = ['page-controls.long', 'take away filters'] as const;
const TIMELINE = ['page-controls.long', 'go through the timeline'] as const;
const REMOVED = ['page-controls.long', 'remove a job'] as const;
const DRAWN = ['page-timeline.long', 'shows what was and what is to come'] as const;
const FORECAST = ['page-timeline.long', 'forecasts fires'] as const;
const LOGIN = ['page', 'wants a token'] as const;
const KEYS = ['page', 'is gone through by keys'] as const;
const STORES = ['page-stores.long', 'is at the path of the proxy'] as const;
const SEARCHED = ['page-schedules.long', 'is searched by the keyboard'] as const;
const VIEWS = ['page-schedules.long', 'keeps views'] as const;
const BULK = ['page-schedules.long', 'pauses, resumes, runs and removes'] as const;
const RUN = ['page-job.long', 'runs it now'] as const;
const PAUSED = ['page-job.long', 'pauses it, resumes it'] as const;
const PREVIEW = ['page-job.long', 'is edited after a look'] as const;
const GONE = ['page-job.long', 'is removed once its id'] as const;
const EXPLAINED = ['page-job.long', 'explains a fire'] as const;
const OF_JOB = ['page-dialogs.long', 'of a job: run now'] as const;
const SCHEMAS = ['page-cluster.long', 'shows what tasks take'] as const;
const ALL_FIRING = ['page-cluster.long', 'shows who leads'] as const;
const QUARANTINE = ['page-cluster.long', 'shows what is in quarantine'] as const;
const EVENTS = ['page-events.long', 'come live'] as const;
const LISTED = ['page-runs.long', 'are listed live'] as const;
const LIVES = ['page-runs.long', 'show their lives'] as const;
const HELP = ['page-dialogs.long', 'of the cluster'] as const;

type Row = readonly [label: string, file: string, title: string];

/** The controls of each file of the page, by their names in the tests, each with the test that sees its effect. */
const CONTROLS: Readonly<Record<string, readonly Row[]>> = {
  'shell/sidebar.tsx': [
    ['Job store', ...STORES],
    ['Colours', ...KEYS],
    ["'Keys'", ...HELP],
    ['Log out', ...LOGIN],
  ],
  'shell/login.tsx': [
    ['Token', ...LOGIN],
    ['Log in', ...LOGIN],
  ],
  'shell/shell.tsx': [['Skip to the screen', ...CLOSED]],
  'parts/states.tsx': [['Try again', ...MORE]],
  'parts/dialog.tsx': [['Close', ...CLOSED]],
  'parts/schema.tsx': [['its arguments', ...SCHEMAS]],
  'parts/query-field.tsx': [['Jobs with', ...DRAWN]],
  'parts/action.tsx': [
    ['Reason', 'page-limits.long', 'pauses a job until a time'],
    ['Cancel', ...CLOSED],
    ['Run now', ...RUN],
  ],
  'screens/schedules/schedules.tsx': [
    ['Change all that match…', ...BULK],
    ['Load more', ...MORE],
  ],
  'screens/schedules/filters.tsx': [
    ["'/'", ...SEARCHED],
    ['Filters', ...SEARCHED],
    ["'State'", ...NARROWED],
    ['Last outcome', ...SEARCHED],
    ['Due within', ...NARROWED],
    ["'Task'", ...NARROWED],
    ["'Executor'", ...NARROWED],
    ["'Tags'", ...SEARCHED],
    ["type('good rep')", ...SEARCHED],
    ["fill('slow')", ...NARROWED],
    ["selectOption('error')", ...SEARCHED],
    ['Forget this view', ...VIEWS],
    ['Save view', ...VIEWS],
    ['Name of the view', ...VIEWS],
    ["'Save'", ...VIEWS],
  ],
  'screens/schedules/bulk.tsx': [
    ['10 jobs', ...BULK],
    ['radio', ...BULK],
    ['Type the number of jobs', ...BULK],
  ],
  'screens/job/run-now.tsx': [
    ['Run now…', ...RUN],
    ['Arguments: a JSON array', ...RUN],
    ['Named arguments', ...EDITED],
  ],
  'screens/job/pause.tsx': [
    ["'Pause'", ...PAUSED],
    ['Until a time', ...PAUSED],
    ['Until a time', ...PAUSED],
    ['Until, by the clock of', ...PAUSED],
    ["'Resume'", ...PAUSED],
  ],
  'screens/job/explain.tsx': [
    ['An instant', ...EXPLAINED],
    ["'Explain'", ...EXPLAINED],
    ['What this rests on', ...OF_JOB],
  ],
  'screens/job/json-field.tsx': [['Arguments: a JSON array', ...RUN]],
  'screens/job/remove.tsx': [
    ["'Remove'", ...GONE],
    ['Id of the job', ...GONE],
    ['Cancel its runs, too', ...REMOVED],
  ],
  'screens/job/edit.tsx': [
    ["fill('Edited')", ...PREVIEW],
    ["getByLabel('Trigger')", ...PREVIEW],
    ["'Save'", ...PREVIEW],
    ["'Name'", ...PREVIEW],
    ["'Description'", ...EDITED],
    ['Tags, with commas between', ...EDITED],
    ['Trigger', ...PREVIEW],
    ['Arguments: a JSON array', ...PREVIEW],
    ['Named arguments', ...EDITED],
    ['Policy', ...EDITED],
    ['Preview what this changes', ...PREVIEW],
  ],
  'screens/job/history.tsx': [['History', ...EXPLAINED]],
  'screens/job/job-screen.tsx': [
    ['Run now…', ...RUN],
    ['Pause…', ...PAUSED],
    ['Resume…', ...PAUSED],
    ['Edit…', ...PREVIEW],
    ['Remove…', ...GONE],
    ['Explain a time…', ...EXPLAINED],
    ["'Run now'", ...RUN],
  ],
  'screens/job/contract.tsx': [['JSON Schema of its arguments', ...SCHEMAS]],
  'screens/job/fires.tsx': [['.fires button', ...EXPLAINED]],
  'screens/timeline/forecast.tsx': [
    ['7 days', ...FORECAST],
    ['Renew', ...TIMELINE],
  ],
  'screens/timeline/timeline.tsx': [
    ['Earlier', ...TIMELINE],
    ['Now', ...TIMELINE],
    ['Later', ...DRAWN],
    ['Show a', ...DRAWN],
    ['Jobs with', ...DRAWN],
    ['First jobs', ...TIMELINE],
    ['Next jobs', ...TIMELINE],
  ],
  'screens/timeline/band.tsx': [['band.click', ...DRAWN]],
  'screens/events/filters.tsx': [
    ['About', ...EVENTS],
    ['Job (its id)', ...EVENTS],
    ['All events', ...UNFILTERED],
  ],
  'screens/events/events.tsx': [
    ['Pause', ...EVENTS],
    ['job_error', ...EVENTS],
  ],
  'screens/runs/run-filters.tsx': [
    ['State', ...LISTED],
    ['Task', ...LISTED],
    ['All runs', ...UNFILTERED],
  ],
  'screens/runs/run-screen.tsx': [
    ['Cancel the run…', ...LIVES],
    ['Run again…', ...LIVES],
  ],
  'screens/runs/actions.tsx': [
    ["'Cancel the run'", ...LIVES],
    ["'Run again'", ...LIVES],
  ],
  'screens/cluster/cluster.tsx': [['Pause all firing…', ...ALL_FIRING]],
  'screens/cluster/workers.tsx': [['mail: its arguments', ...SCHEMAS]],
  'screens/cluster/actions.tsx': [
    ["'Resume all firing'", ...ALL_FIRING],
    ["'Put back'", ...QUARANTINE],
    ["'Throw away'", ...QUARANTINE],
  ],
  'screens/cluster/quarantine.tsx': [
    ['Look', ...QUARANTINE],
    ['Put back…', ...QUARANTINE],
    ['Throw away…', ...QUARANTINE],
  ],
};

const found = readdirSync(PAGE, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.tsx'))
  .map((path) => [path, readFileSync(PAGE + path, 'utf8').match(CONTROL)?.length ?? 0] as const)
  .filter(([, count]) => count > 0);

it('each control of the page has a test that uses it: a new one is added to CONTROLS', () => {
  const named = Object.entries(CONTROLS).map(([path, rows]) => [path, rows.length] as const);
  expect(new Map(named)).toEqual(new Map(found));
});

/** The source of a test, from its title to the next one. */
function sourceOf(file: string, title: string): string {
  const tests = readFileSync(`${TESTS}${file}.test.ts`, 'utf8').split(/^ +it\(/m);
  return tests.find((test) => test.startsWith(`'${title}`)) ?? '';
}

it.each(Object.entries(CONTROLS))('%s: the tests that are named use them', (_, rows) => {
  const missing = rows.filter(([label, file, title]) => !sourceOf(file, title).includes(label));
  expect(missing).toEqual([]);
});
