#!lua flags=allow-oom
-- Settles executions: the outcome is published and kept; a run's last one takes it out of the ledger. One that is to be tried
-- again goes back to the outbox instead, and keeps its instance.
-- USES  store, types, page, foreign, aside, counters, publish, record, run, life, outcome, instances
-- ARGV  now or '', id of this call, then for each execution: run id, token, index, 'executed', 'error', 'cancelled' or 'retry',
--       a retry's delay in ms, or `@` and the instant to retry at, the event's body; and, where they are known, whether it is the
--       run's last one ('1'), its fire time, its job, overlap and history
-- Returns  for each: 'settled', 'cancelled' (and with it the rest of the run) or 'void'
local op = key('op:') .. ARGV[2]
local answered = redis.call('GET', op)
if answered then return cjson.decode(answered) end

-- Nothing is put off for longer than a year.
local LONGEST = 365 * 86400000

local function retryTime(when)
  local instant = when:match('^@(.+)$')
  return instant and math.max(now, math.min(instant, now + LONGEST)) or now + when
end

local function putOff(id, run, when, body)
  local at = retryTime(when)
  publish('job_retrying', body .. ',"retryAt":' .. at)
  retry(id, run, at)
  redis.call('PUBLISH', channel('wakeup'), at)
end

local function settle(id, token, index, outcome, when, body, isLast, fire, job, overlap, history)
  local state = get('runs', id) or ''
  local holder, done = state:match('^1 %S+ (%S+) %d+ %d+ %d+ (%d+) ')
  if holder ~= token or done ~= index then return 'void' end
  local isOver = outcome == 'executed' or outcome == 'error'
  if isLast == '1' and isOver then
    -- By what its worker was given when it started the run: its state is not read again.
    local run = { job = job, overlap = overlap, history = history }
    settleFire(id, run, outcome, fire, body)
    conclude(id, run)
    return 'settled'
  end

  local run = decode(state)
  if not run then return 'void' end
  if outcome == 'retry' and run.cancel == '-' then
    putOff(id, run, when, body)
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

local WORDS = 11
local ids, jobs = {}, {}
for at = 3, #ARGV, WORDS do
  ids[#ids + 1] = ARGV[at]
  if ARGV[at + 8] ~= '' then jobs[#jobs + 1] = ARGV[at + 8] end
end
fetch('runs', ids)
for _, name in ipairs({ 'instances', 'waiting', 'last' }) do fetch(name, jobs) end

local reply = {}
for at = 3, #ARGV, WORDS do reply[#reply + 1] = settle(unpack(ARGV, at, at + WORDS - 1)) end
redis.call('SET', op, cjson.encode(reply), 'PX', 60000)
return flush(reply)
