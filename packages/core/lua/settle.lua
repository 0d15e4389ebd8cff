#!lua flags=allow-oom
-- Settles executions: the outcome is published and kept; a run's last one takes it out of the ledger. One that is to be tried
-- again goes back to the outbox instead, and keeps its instance.
-- USES  store, types, page, foreign, aside, counters, publish, record, run, outcome, live, instances
-- ARGV  now or '', id of this call, then for each execution: run id, token, index, 'executed', 'error', 'cancelled' or 'retry',
--       a retry's delay in ms, or `@` and the instant to retry at, the event's body
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

local function retry(id, run, when, body)
  local at = retryTime(when)
  publish('job_retrying', body .. ',"retryAt":' .. at)
  run.delivery, run.token, run.tries, run.losses = '-', '-', run.tries + 1, 0
  write(id, run)
  set('leases', id, false)
  set('progress', id, false)
  set('outbox', id, at)
  redis.call('PUBLISH', channel('wakeup'), at)
end

local function settle(id, token, index, outcome, when, body)
  local run = read(id)
  if not run or run.token ~= token or run.done ~= index then return 'void' end
  if outcome == 'retry' and run.cancel == '-' then
    retry(id, run, when, body)
    return 'settled'
  end

  local owed = fires(run, run.done)
  local left = #owed > 0
  if outcome == 'executed' or outcome == 'error' then
    settleFire(id, run, outcome, owed[1].time, body)
    run.done, run.starts, run.losses, run.tries = run.done + 1, 1, 0, 0
    left = #owed > 1
  end
  local isCut = left and run.cancel == 'c'
  if left and not isCut and outcome ~= 'cancelled' then
    write(id, run)
    return 'settled'
  end
  if left then settleRest(id, run, run.done, 'cancelled', '') end
  finish(id, run)
  return isCut and outcome ~= 'cancelled' and 'cancelled' or 'settled'
end

local ids, ofJobs = {}, {}
for at = 3, #ARGV, 6 do ids[#ids + 1] = ARGV[at] end
fetch('runs', ids)
for _, id in ipairs(ids) do ofJobs[#ofJobs + 1] = jobOf(get('runs', id)) end
for _, name in ipairs({ 'instances', 'waiting', 'last' }) do fetch(name, ofJobs) end

local reply = {}
for at = 3, #ARGV, 6 do reply[#reply + 1] = settle(unpack(ARGV, at, at + 5)) end
redis.call('SET', op, cjson.encode(reply), 'PX', 60000)
return flush(reply)
