/** What is broken on purpose, as in `list.js`, where the simulation does not look: the test that has to find it is named. */
const account = 'packages/core/src/account';
const alerts = 'packages/carillon/src/alerts';
const metrics = 'packages/carillon/src/metrics';
const traces = 'packages/carillon/src/opentelemetry';
const ofAccount = 'test/unit/core/account';

export const UNIT_MUTATIONS = [
  {
    what: 'actor: a call does not say who asks',
    file: 'packages/core/src/by.ts',
    find: `given[name] ?? otherwise[name]`,
    replace: `otherwise[name]`,
    test: 'test/unit/memory/who-did-what.test.ts',
  },
  {
    what: 'actor: a view does not say who asks',
    file: 'packages/core/src/by.ts',
    find: `given[name] ?? otherwise[name]`,
    replace: `given[name]`,
    test: 'test/unit/memory/who-did-what.test.ts',
  },
  {
    what: 'account: the oldest revision is taken for one that was added',
    file: `${account}/timeline.ts`,
    find: `isKnown && speaksFrom !== Number.POSITIVE_INFINITY ? 'added'`,
    replace: `speaksFrom !== Number.POSITIVE_INFINITY ? 'added'`,
    test: `${ofAccount}/timeline.test.ts`,
  },
  {
    what: 'account: a revision has the first fire time of the next one, too',
    file: `${account}/revision.ts`,
    find: `(next.first ?? Number.POSITIVE_INFINITY) - 1`,
    replace: `(next.first ?? Number.POSITIVE_INFINITY)`,
    test: `${ofAccount}/audit.test.ts`,
  },
  {
    what: 'account: an outcome is not found behind one that ended before',
    file: `${account}/outcome-index.ts`,
    find: `if ((this.#latest[place] ?? 0) < instant) break;`,
    replace: `if (lastOf(this.#recorded[place] as DatedRecord) < instant) break;`,
    test: `${ofAccount}/outcome-index.test.ts`,
  },
  {
    what: 'audit: an outcome that is there twice is not found',
    file: `${account}/audit.ts`,
    find: `if (outcomes.length > times) yield`,
    replace: `if (outcomes.length > times + 1) yield`,
    test: `${ofAccount}/audit.test.ts`,
  },
  {
    what: 'audit: a fire time without an outcome is not found',
    file: `${account}/audit.ts`,
    find: `if (outcomes.length < times) yield`,
    replace: `if (outcomes.length + 1 < times) yield`,
    test: `${ofAccount}/audit.test.ts`,
  },
  {
    what: 'audit: the pending fire time is taken for one that ought to have an outcome',
    file: `${account}/owed-times.ts`,
    find: `pending.fireTime - 1) : revision.until`,
    replace: `pending.fireTime) : revision.until`,
    test: `${ofAccount}/audit.test.ts`,
  },
  {
    what: 'explain: what was recorded first is of the last revision',
    file: `${account}/verdict.ts`,
    find: `closedAt(other) - closedAt(one)`,
    replace: `closedAt(one) - closedAt(other)`,
    test: `${ofAccount}/timeline.test.ts`,
  },
  {
    what: 'explain: the ledger is read for each fire time',
    file: `${account}/read/run-details.ts`,
    find: `this.#live ??= `,
    replace: `this.#live = `,
    test: 'test/unit/memory/explain-page.test.ts',
  },
  {
    what: 'explain: nobody is said to have led',
    file: `${account}/explain/causes.ts`,
    find: `    ...leaders(store, from, to, zone),
`,
    replace: '',
    test: `${ofAccount}/questions.test.ts`,
  },
  {
    what: 'retry: errors after which it is not tried again are not looked for',
    file: 'packages/core/src/job/retry.ts',
    find: `unrecoverable || retry?.unless`,
    replace: `unrecoverable || [].length > 0 || retry?.unless?.slice(1)`,
    test: 'test/unit/core/job/retry.test.ts',
  },
  {
    what: 'alerts: a failure opens one too late',
    file: `${alerts}/rules/events.ts`,
    find: `facts.failures < rule.times`,
    replace: `facts.failures <= rule.times`,
    test: 'test/unit/carillon/alerts/rules.test.ts',
  },
  {
    what: 'alerts: what is silenced is delivered',
    file: `${alerts}/alert-book.ts`,
    find: `|| isSilenced(alert, silences, now)) return`,
    replace: `|| (now < 0 && isSilenced(alert, silences, now))) return`,
    test: 'test/unit/carillon/alerts/alerts.test.ts',
  },
  {
    what: 'alerts: a request reaches the addresses of cloud metadata',
    file: `${alerts}/http/addresses.ts`,
    find: ` '169.254.0.0/16',`,
    replace: '',
    test: 'test/unit/carillon/alerts/addresses.test.ts',
  },
  {
    what: 'metrics: a second attempt counts as a late start',
    file: `${metrics}/run-metrics.ts`,
    find: `if (attempt === 1) `,
    replace: '',
    test: 'test/unit/memory/metrics.test.ts',
  },
  {
    what: 'metrics: a paused job counts as scheduled',
    file: `${metrics}/store-metrics.ts`,
    find: `set('jobs', counts.schedule, {`,
    replace: `set('jobs', counts.jobs, {`,
    test: 'test/unit/memory/metrics.test.ts',
  },
  {
    what: 'traces: a run of a job goes on with the trace that added it',
    file: `${traces}/execution-spans.ts`,
    find: `if (jobId === null) return`,
    replace: `if (jobId === null || kept) return`,
    test: 'test/unit/memory/tracing.test.ts',
  },
  {
    what: 'traces: a fire has no link to the call that added its job',
    file: `${traces}/fire-span.ts`,
    find: `linked ? [{ context: linked }] : []`,
    replace: `[]`,
    test: 'test/unit/memory/tracing.test.ts',
  },
];
