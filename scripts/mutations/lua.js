/**
 * What is broken in the scripts, which the simulation plays in a Redis then. In `file`, the one place where `find` stands gets
 * `replace`; nothing, where there is none.
 */
const lua = 'packages/core/lua';
const FENCE = `if redis.call('GET', key('epoch')) ~= ARGV[2] then return 'over' end\n`;

export const LUA_MUTATIONS = [
  { what: 'fencing: a claim of a term that is over', file: 'claim', find: FENCE },
  { what: 'fencing: a delivery of a term that is over', file: 'deliver', find: FENCE },
  { what: 'fencing: a run of a term that is over leaves the outbox', file: 'delivered', find: FENCE },
  { what: 'fencing: a reaping of a term that is over', file: 'reap', find: FENCE },
  {
    what: 'fencing: a term begins for one whose lock is lost',
    file: 'begin_term',
    find: `if redis.call('GET', key('leader')) ~= ARGV[2] then return false end`,
  },
  {
    what: 'fencing: a term begins without a higher epoch',
    file: 'begin_term',
    find: `isCount(last) and math.max(tonumber(last) + 1, now) or now`,
    replace: `last ~= '0' and last or now`,
  },
  {
    what: 'outbox: a run does not enter it',
    file: 'lib/instances',
    find: `  set('outbox', id, notBefore(run))\n`,
  },
  {
    what: 'outbox: a run leaves it as it gets its delivery',
    file: 'deliver',
    find: `    reply[#reply + 1] = id\n`,
    replace: `    reply[#reply + 1] = id\n    redis.call('ZREM', key('outbox'), id)\n`,
  },
  {
    what: 'outbox: a run leaves it though the ledger names another delivery',
    file: 'delivered',
    find: `if not state or state:match('^1 (%S+)') == ARGV[2 * i + 2] then set`,
    replace: `if id then set`,
  },
  {
    what: 'outbox: a run that was started stays in it',
    file: 'start',
    find: `  set('outbox', id, false)\n`,
  },
  {
    what: 'outbox: a run that is reaped does not come back to it',
    file: 'reap',
    find: `set('outbox', id, now)\n`,
  },
  {
    what: 'start: a delivery that the ledger does not name',
    file: 'start',
    find: `  if run.delivery ~= delivery then return 'dropped' end\n`,
  },
  {
    what: 'start: a repeated call is not told from a new one',
    file: 'start',
    find: `  if run.token == token then return 'started', state end\n`,
  },
  {
    what: 'start: misfire grace is tested at each start',
    file: 'start',
    find: `local isLate = run.starts == '0' and `,
    replace: `local isLate = `,
  },
  { what: 'start: a run gets no lease', file: 'start', find: `  set('leases', id, leaseEnd)\n` },
  {
    what: 'start: lost workers are not counted',
    file: 'start',
    find: `  if run.token ~= '-' then run.losses = run.losses + 1 end\n`,
  },
  {
    what: 'settle: the token is not looked at',
    file: 'settle',
    find: `holder ~= token or `,
    replace: `holder == '-' or `,
  },
  {
    what: 'settle: a repeated call is not told from a new one',
    file: 'settle',
    find: `if answered then return cjson.decode(answered) end\n`,
  },
  {
    what: 'claim: rev is not looked at',
    file: 'claim',
    find: ` or record:match('^%d+') ~= rev`,
  },
  {
    what: 'claim: the due instant is not looked at',
    file: 'claim',
    find: ` or get('schedule', id) ~= due`,
  },
  {
    what: 'claim: a paused store fires',
    file: 'claim',
    find: `if redis.call('EXISTS', key('paused')) == 1 then return 'paused' end\n`,
  },
  { what: 'put: rev is not looked at', file: 'put', find: ` and record:match('^%d+') == rev` },
  {
    what: 'put: the due instant is not looked at',
    file: 'put',
    find: ` or (redis.call('ZSCORE', schedule, id) or '') == due`,
    replace: ` or true`,
  },
  {
    what: 'put: of the new jobs some are added',
    file: 'put',
    find: `  if not isAsRead and rev == '' then return 'changed' end\n`,
  },
  {
    what: 'put: what is left is written all the same',
    file: 'put',
    find: `if isAsRead then changes[#changes + 1], records[at] = at, record else`,
    replace: `if record or isAsRead then changes[#changes + 1], records[at] = at, record end if not isAsRead then`,
  },
  {
    what: 'put: jobs that are put stay held',
    file: 'put',
    find: `redis.call('ZREM', key('held'), id) == 1`,
    replace: `false`,
  },
  {
    what: 'claim: a job that is held fires',
    file: 'claim',
    find: `not (isAnyHeld and tonumber(get('held', id) or 0) > now)`,
    replace: `true`,
  },
  { what: 'put: a reading of any age will do', file: 'put', find: `> 10000 then`, replace: `> 1000000 then` },
  {
    what: 'put: a repeated call is not told from a new one',
    file: 'put',
    find: `if answered then return answered end\n`,
  },
  {
    what: 'submit: a repeated call is not told from a new one',
    file: 'submit',
    find: `if answer then return answer end\n`,
  },
  {
    what: 'retries: one that an error put off goes out at once',
    file: 'settle',
    find: `math.max(now, math.min(instant, now + LONGEST))`,
    replace: `math.min(now, instant)`,
  },
  {
    what: 'submit: a window is open for good',
    file: 'submit',
    find: `first and tonumber(closes) > now`,
    replace: `first`,
  },
  {
    what: 'submit: a window is not looked at',
    file: 'submit',
    find: `first and tonumber(closes) > now`,
    replace: `false`,
  },
  {
    what: 'outbox: a run that was asked for beforehand is delivered at once',
    file: 'lib/instances',
    find: `return math.max(now, fires(run, run.done)[1].due)`,
    replace: `return now`,
  },
  {
    what: 'count: it does not go up when a run is entered',
    file: 'lib/instances',
    find: `  if run.job ~= '' then set('instances', run.job, liveRuns(run.job) + 1) end\n`,
  },
  {
    what: 'count: it does not go down when a run is over',
    file: 'lib/instances',
    find: `  set('instances', run.job, live > 1 and live - 1)\n`,
  },
  {
    what: 'count: a job may have one run more',
    file: 'lib/live',
    find: `liveRuns(run.job) < tonumber(run.max)`,
    replace: `liveRuns(run.job) <= tonumber(run.max)`,
  },
  {
    what: 'leases: a heartbeat needs no token',
    file: 'heartbeat',
    find: `token == ARGV[i + 1]`,
    replace: `token ~= nil`,
  },
  {
    what: 'leases: a run is reaped while its lease lasts',
    file: 'reap',
    find: ` or (lease and lease > now and lease <= LAST_INSTANT)`,
  },
  {
    what: 'leases: a run that is over keeps its lease',
    file: 'lib/run',
    find: `'runs', 'bodies', 'leases', 'outbox', 'progress' }`,
    replace: `'runs', 'bodies', 'outbox', 'progress' }`,
  },
  {
    what: 'reaping: a run whose delivery is on its queue',
    file: 'reap',
    find: `redis.call('EXISTS', queued) == 1`,
    replace: `redis.call('EXISTS', queued) == 2`,
  },
  {
    what: 'reaping: a delivery that is done counts as queued',
    file: 'reap',
    find: ` and not redis.call('HGET', queued, 'finishedOn')`,
  },
  {
    what: 'hand-back: a run that another one holds',
    file: 'hand_back',
    find: `(run.token == holder or (run.token == '-' and run.delivery == holder))`,
    replace: `holder`,
  },
  {
    what: 'handing back: the delay is forgotten',
    file: 'hand_back',
    find: `local from = now + ARGV[2]`,
    replace: `local from = now`,
  },
  {
    what: 'cancelling: the flag is not written',
    file: 'lib/instances',
    find: `    run.cancel = 'c'\n`,
  },
  {
    what: 'cancelling: a run that is to be cancelled is started',
    file: 'start',
    find: `isLate or run.cancel == 'c' or tonumber`,
    replace: `isLate or tonumber`,
  },
  {
    what: 'cancelling: a run that is to be cancelled is tried again',
    file: 'settle',
    find: `if outcome == 'retry' and run.cancel == '-' then`,
    replace: `if outcome == 'retry' then`,
  },
  {
    what: 'retry: at once',
    file: 'settle',
    find: `set('outbox', id, at)`,
    replace: `set('outbox', id, now)`,
  },
  {
    what: 'retry: the run is not let go of',
    file: 'settle',
    find: `run.tries, run.losses = '-', '-', `,
    replace: `run.tries, run.losses = run.delivery, run.token, `,
  },
  {
    what: 'waiting: nobody is admitted where a run is over',
    file: 'lib/instances',
    find: `  promote(run.job)\n`,
  },
  {
    what: 'waiting: a run is admitted where there is no room',
    file: 'lib/instances',
    find: `  if waits and not hasRoom(run) then return end\n`,
  },
  {
    what: 'waiting: an older one does not give way',
    file: 'lib/enter',
    find: `  supersede(run.job)\n`,
  },
  {
    what: 'replacing: the oldest run goes on',
    file: 'lib/enter',
    find: `  if run.overlap == 'replace' then replaceOldest(run.job) end\n`,
  },
  {
    what: 'live runs: one that is over stays among them',
    file: 'lib/instances',
    find: `  if live and run.overlap ~= 'skip' then redis.call('ZREM', liveKey(run.job), id) end\n`,
  },
  {
    what: 'reaping: a run that waits is taken for one that is nowhere',
    file: 'suspects',
    find: ` and isWaiting(id, run)`,
    replace: ` and not isWaiting(id, run)`,
  },
  {
    what: 'outbox: a run is delivered that is put off meanwhile',
    file: 'deliver',
    find: `(from <= now or from > LAST_INSTANT)`,
    replace: `from > 0`,
  },
  {
    what: 'quarantine: a job is set aside that was changed meanwhile',
    file: 'quarantine_jobs',
    find: `or not isUnchanged(raw, rev) then return end`,
    replace: `then return end`,
  },
  {
    what: 'tasks: a worker that joins with a task does not end the time without it',
    file: 'join',
    find: `redis.call('DEL', key('absent:') .. ARGV[i] .. ' ' .. ARGV[j])`,
    replace: `redis.call('EXISTS', key('absent:') .. ARGV[i] .. ' ' .. ARGV[j])`,
  },
  {
    what: 'tasks: the time without one begins again each time that it is missed',
    file: 'note_task',
    find: `if not since or since > now`,
    replace: `if true or since > now`,
  },
  {
    what: 'outbox: a run is delivered without its priority',
    file: 'outgoing',
    find: `run and run.priority or ''`,
    replace: `run and '0' or ''`,
  },
  {
    what: 'results: they are not kept',
    file: 'lib/outcome',
    find: `  redis.call('APPEND', result, message .. '\\n')\n`,
  },
  {
    what: 'left over: the last outcome of a job that finished',
    file: 'claim',
    find: `{ 'jobs', 'last', 'schedule' }`,
    replace: `{ 'jobs', 'schedule' }`,
  },
  {
    what: 'events: numbered over all types together',
    file: 'lib/publish',
    find: `set('seq', kind, seq)`,
    replace: `set('seq', kind, seq) set('seq', 'job_started', seq)`,
  },
  {
    what: 'events: published, and not logged',
    file: 'lib/publish',
    find: `redis.pcall('XADD', key('log'), 'MAXLEN', '~', 20000, '*', 'event', logged)`,
    replace: `''`,
  },
].map(({ what, file, find, replace = '' }) => ({
  what: `Lua, ${what}`,
  file: `${lua}/${file}.lua`,
  find,
  replace,
  inRedis: true,
}));
