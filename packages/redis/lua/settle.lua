#!lua flags=allow-oom
-- Settles executions: publishes and keeps the outcome of each. A run's last execution takes the run out of the ledger. A run whose
-- execution is to be tried again goes back to the outbox instead, and keeps its instance.
-- USES  store, types, commands, page, foreign, aside, counters, bounded, publish, record, run, life, account, outcome, instances, stretches
-- ARGV  now or '', id of this call,
--       count of executions;
--       then a column for each of these lines, with an entry for each execution:
--         run id
--         job id ('': the run has no job, or this is not its last execution)
--         fire time ('': this is not the run's last execution)
--       then the bodies of the events, one a line, 25 lines an argument;
--       then how many pairs follow, and these pairs: token, and how many executions in succession have it;
--       then, for each execution that needs more:
--         its place, counted from 0
--         the index of its fire time in the run
--         JSON, or '' if it is the run's last execution, its outcome is 'executed', the job has neither overlap nor history, and no caller
--         asked for the run. An execution at index 0 with '' needs no more: it is left out. The members:
--           `outcome`: 'executed', 'error', 'cancelled' or 'retry'
--           `delay` in ms, or `at`, an instant: of a retry
--           `overlap` and `history`: of the run's last execution
--           `asked`: of the run's last execution, if a caller had asked for the run
-- Returns  'all settled', or for each: 'settled', 'cancelled' (and with it the rest of the run) or 'void'
local op = key('op:') .. ARGV[2]
local answered = redis.call('GET', op)
if answered then return cjson.decode(answered) end

-- A task can ask for an instant that is at most a year away. A delay is bounded where it is computed.
local LONGEST = 365 * 86400000

local function retryTime(rest)
  return rest.at and math.max(now, math.min(rest.at, now + LONGEST)) or now + rest.delay
end

local function putOff(id, run, rest, body)
  local at = retryTime(rest)
  publish('job_retrying', body .. ',"retryAt":' .. at)
  retry(id, run, at)
  redis.call('PUBLISH', channel('wakeup'), at)
end

local COUNT = tonumber(ARGV[3])
local IDS, JOBS, FIRES, EVENTS = 4, 4 + COUNT, 4 + 2 * COUNT, 4 + 3 * COUNT
local TOKENS = EVENTS + math.ceil(COUNT / LINES_EACH) + 1
local RESTS = TOKENS + 2 * ARGV[TOKENS - 1]

-- `begins`: what follows the delivery in the state of a run, if this is the run's first start and none of its fire times is settled.
local jobs, tokens, begins, indexes, rests = {}, {}, {}, {}, {}
for at = JOBS, FIRES - 1 do
  if ARGV[at] ~= '' then jobs[#jobs + 1] = ARGV[at] end
end
for i = TOKENS, RESTS - 1, 2 do
  local first, from = firstStartOf(ARGV[i]), #tokens
  for at = from + 1, from + ARGV[i + 1] do tokens[at], begins[at] = ARGV[i], first end
end
for i = RESTS, #ARGV, 3 do
  local at = tonumber(ARGV[i])
  indexes[at], rests[at] = ARGV[i + 1], ARGV[i + 2] ~= '' and ARGV[i + 2] or nil
end
fetch('runs', { unpack(ARGV, IDS, JOBS - 1) })
for _, name in ipairs({ 'instances', 'waiting', 'last' }) do fetch(name, jobs) end
local runs, instances, waiting = valuesOf('runs'), valuesOf('instances'), valuesOf('waiting')

local function isOwed(at)
  local state = runs[ARGV[IDS + at]]
  if not state then return false end
  local holder, done = holderOf(state)
  return holder == tokens[at + 1] and done == (indexes[at] or '0')
end

local function settle(at)
  if not isOwed(at) then return 'void' end
  local id, body, job = ARGV[IDS + at], bodyAt(EVENTS, at), ARGV[JOBS + at]
  local rest = rests[at] and cjson.decode(rests[at]) or { outcome = 'executed', overlap = 'skip', history = '-' }
  local outcome = rest.outcome
  local isOver = outcome == 'executed' or outcome == 'error'
  if rest.overlap and isOver then
    -- These are the values that the worker got when it started the run, so the run's state is not read again.
    local run = { job = job, overlap = rest.overlap, history = rest.history, asked = rest.asked }
    settleFire(id, run, outcome, ARGV[FIRES + at], body)
    conclude(id, run)
    return 'settled'
  end

  local run = decode(runs[id])
  if not run then return 'void' end
  if outcome == 'retry' and run.cancel == '-' then
    putOff(id, run, rest, body)
    return 'settled'
  end

  local owed = fires(run, run.done)
  if isOver then
    settleFire(id, run, outcome, owed[1].time, body)
    if #owed > 1 and run.cancel == '-' then
      advance(id, run)
      return 'settled'
    end
  end
  settleRest(id, run, run.done + (isOver and 1 or 0), 'cancelled', '')
  conclude(id, run)
  return (outcome == 'retry' or (isOver and #owed > 1)) and 'cancelled' or 'settled'
end

-- Returns whether the run ends here, as the only one of its job, and nothing else is to be done. If so, updates the values that were read, so
-- that later items see the change.
local function tryFastPath(at)
  local job = ARGV[JOBS + at]
  -- An execution that needs more than the columns has an index.
  if job == '' or instances[job] ~= '1' or waiting[job] or indexes[at] then return false end
  local id = ARGV[IDS + at]
  if not runs[id] or not beginsBehindDelivery(begins[at + 1], runs[id]) then return false end
  runs[id], instances[job] = false, false
  return true
end

local reply, ofJob, plainCount = {}, {}, 0
local function settleAll(from, to)
  publishLines('job_executed', EVENTS, from, to)
  for at = from, to do
    ofJob.job = ARGV[JOBS + at]
    count(ofJob, 'executed', ARGV[FIRES + at])
    reply[at + 1] = 'settled'
  end
  plainCount = plainCount + to - from + 1
  finishAll(IDS + from, JOBS + from, to - from + 1)
end

inStretches(COUNT, tryFastPath, settleAll, function(at) reply[at + 1] = settle(at) end)
if plainCount == COUNT and COUNT > 0 then reply = 'all settled' end
redis.call('SET', op, cjson.encode(reply), 'PX', 60000)
return flush(reply)
