-- A job's live runs: no more than its maxInstances. At most one more waits, where the job's overlap lets it.

-- The live runs of a job by when they came, where its overlap asks for them.
local function liveKey(job) return ownKey('live:' .. job, 'zset') end

-- When a run may be delivered. One of no job may be asked for beforehand: not before it is due.
local function notBefore(run)
  if run.job ~= '' then return now end
  return math.max(now, fires(run, run.done)[1].due)
end

-- Gives a run an instance: from here on it is owed. `told`: body of job_submitted.
local function owe(id, job, state, from, told)
  if job ~= '' then set('instances', job, liveRuns(job) + 1) end
  set('runs', id, state)
  set('outbox', id, from)
  publish('job_submitted', told)
end

local function admit(id, run)
  if run.job ~= '' and run.overlap ~= 'skip' then redis.call('ZADD', liveKey(run.job), now, id) end
  owe(id, run.job, encode(run), notBefore(run), run.label .. ',' .. run.submission)
end

-- Admits the waiting run of a job if there is room. One that cannot be read goes where the leader finds it.
local function promote(job)
  local id = get('waiting', job)
  if not id then return end
  local run = read(id)
  local waits = run and run.job == job and isWaiting(id, run)
  if waits and not hasRoom(run) then return end
  set('waiting', job, false)
  if waits then
    admit(id, run)
  elseif run then
    setAside('waiting:' .. job, { why = 'this run does not wait', raw = id })
  else
    set('outbox', id, now)
  end
  redis.call('PUBLISH', channel('wakeup'), now)
end

-- Takes a run whose every fire time is settled out of the ledger. Its instance is free.
local function finish(id, run)
  local live = run.job ~= '' and liveRuns(run.job)
  if live and run.overlap ~= 'skip' then redis.call('ZREM', liveKey(run.job), id) end
  drop(id)
  remember(id, run)
  if run.job == '' then return end
  set('instances', run.job, live > 1 and live - 1)
  promote(run.job)
end

-- Ends a run that no worker has; of one that was started, the worker is told. Answers 'cancelled' or 'cancelling'.
local function cancel(id, run)
  if run.token ~= '-' then
    run.cancel = 'c'
    write(id, run)
    redis.call('PUBLISH', channel('control'), 'cancel ' .. id)
    return 'cancelling'
  end
  local waits = isWaiting(id, run)
  settleRest(id, run, run.done, 'cancelled', '')
  if waits then
    set('waiting', run.job, false)
    drop(id)
    remember(id, run)
  else
    finish(id, run)
  end
  return 'cancelled'
end
