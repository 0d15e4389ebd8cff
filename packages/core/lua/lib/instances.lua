-- A job's live runs: no more than its maxInstances. At most one more waits, where the job's overlap lets it.

-- The live runs of a job by when they came, where its overlap asks for them.
local function liveKey(job) return ownKey('live:' .. job, 'zset') end

-- When a run may be delivered. One of no job may be asked for beforehand: not before it is due.
local function notBefore(run)
  if run.job ~= '' then return now end
  return math.max(now, fires(run, run.done)[1].due)
end

local function admit(id, run)
  if run.job ~= '' and run.overlap ~= 'skip' then redis.call('ZADD', liveKey(run.job), now, id) end
  if run.job ~= '' then redis.call('HINCRBY', key('instances'), run.job, 1) end
  redis.call('HSET', key('runs'), id, run.record)
  redis.call('ZADD', key('outbox'), notBefore(run), id)
  publish('job_submitted', run.label .. ',' .. run.submission)
end

-- Admits the waiting run of a job if there is room. One that cannot be read goes where the leader finds it.
local function promote(job)
  local id = redis.call('HGET', key('waiting'), job)
  if not id then return end
  local run = read(id)
  local waits = run and run.job == job and isWaiting(id, run)
  if waits and not hasRoom(run) then return end
  redis.call('HDEL', key('waiting'), job)
  if waits then
    admit(id, run)
  elseif run then
    setAside('waiting:' .. job, { why = 'this run does not wait', raw = id })
  else
    redis.call('ZADD', key('outbox'), now, id)
  end
  redis.call('PUBLISH', channel('wakeup'), now)
end

-- Takes a run whose every fire time is settled out of the ledger. Its instance is free.
local function finish(id, run)
  local live = run.job ~= '' and liveRuns(run.job)
  if live and run.overlap ~= 'skip' then redis.call('ZREM', liveKey(run.job), id) end
  redis.call('HDEL', key('runs'), id)
  redis.call('ZREM', key('leases'), id)
  redis.call('ZREM', key('outbox'), id)
  redis.call('HDEL', key('progress'), id)
  remember(id, run)
  if run.job == '' then return end
  if live > 1 then redis.call('HINCRBY', key('instances'), run.job, -1) else redis.call('HDEL', key('instances'), run.job) end
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
    redis.call('HDEL', key('waiting'), run.job)
    redis.call('HDEL', key('runs'), id)
    remember(id, run)
  else
    finish(id, run)
  end
  return 'cancelled'
end
