-- How a job keeps to its `maxInstances`, over any number of workers: which run gets an instance, which waits for one, and which gives one
-- back.
--
-- An instance belongs to a run, from the script that puts the run into the outbox to the script that settles its last fire time. Workers
-- count nothing: a retry, a lost worker or a second delivery leaves the run its instance. The key `instances` counts them by job, and
-- is written in lib/life.lua alone: `enterOutbox` and `admitAll` count up, `finish` and `finishAll` count down, `recount` repairs. Redis runs one
-- script at a time, so no two callers get the last instance. `enter`, `admitWaiting` and `runAgain` call `hasRoom` before `admit`
-- or `promote`. claim.lua (`tryFastPath`) calls `admitAll` without it, only for jobs of which no run is live or waits.

-- Whether the job of this run may have one more live run.
local function hasRoom(run) return run.job == '' or liveRuns(run.job) < tonumber(run.max) end

-- When a run may be delivered. A run of `enqueue` with `delay` or `at` waits until it is due.
local function notBefore(run)
  if run.job ~= '' then return now end
  return math.max(now, fires(run, run.done)[1].due)
end

local function publishSubmitted(run) publish('job_submitted', run.label .. ',' .. run.submission) end

-- Admits the waiting run of a job if there is room. Puts a run that cannot be read where the leader finds it. Leaves a run that a newer
-- release wrote waiting.
local function admitWaiting(job)
  local id = get('waiting', job)
  if not id then return end
  local run = read(id)
  if not run then
    if isNewer(get('runs', id)) then return end
    expose(id, job)
  elseif run.job ~= job or not isWaiting(id, run) then
    unwait(job)
    setAside('waiting:' .. job, { why = 'this run does not wait', raw = id })
  elseif hasRoom(run) then
    promote(id, run, notBefore(run))
    publishSubmitted(run)
  else
    return
  end
  redis.call('PUBLISH', channel('wakeup'), now)
end

-- Takes a run out of the ledger once all of its fire times are settled. The run that waits for its instance gets it.
local function conclude(id, run)
  finish(id, run)
  remember(id, run)
  if run.job ~= '' then admitWaiting(run.job) end
end

-- Ends a run that no worker has. If a worker has it, notifies the worker. `by`: members of the events, which name the caller that asked for
-- it. Returns 'cancelled' or 'cancelling'.
local function cancel(id, run, by)
  if run.token ~= '-' then
    if run.cancel ~= 'c' then noteAsker(id, by) end
    flag(id, run)
    redis.call('PUBLISH', channel('control'), 'cancel ' .. id)
    return 'cancelling'
  end
  local waits = isWaiting(id, run)
  settleRest(id, run, run.done, 'cancelled', by)
  if waits then
    withdraw(id, run)
    remember(id, run)
  else
    conclude(id, run)
  end
  return 'cancelled'
end

-- Cancels the oldest live run of a job, unless one is being cancelled already.
local function replaceOldest(job)
  local oldest
  for _, id in ipairs(redis.call('ZRANGE', liveKey(job), 0, -1)) do
    local run = read(id)
    if run and run.cancel == 'c' then return end
    oldest = oldest or (run and { id = id, run = run })
    if not run and not isNewer(get('runs', id)) then unlist(id, job) end
  end
  if oldest then cancel(oldest.id, oldest.run, '') end
end

-- Ends the waiting run of a job in favor of a newer one. Its outcome is kept for an hour at most, because there may be many such runs.
local function supersede(job)
  local id = get('waiting', job)
  local run = id and read(id)
  if not run then return end
  publishKept(id, run, 'job_max_instances', run.label .. ',' .. run.submission)
  noteFires(run, 'i', 0)
  if run.history ~= '-' then redis.call('PEXPIRE', key('result:') .. id, 3600000, 'LT') end
  withdraw(id, run)
end

-- Enters a run into the ledger. If there is no room for it, does what the overlap of its job says. Returns 'submitted', 'waiting' (it is
-- delivered later) or 'max_instances'.
local function enter(id, run, body)
  if run.job ~= '' then admitWaiting(run.job) end
  if hasRoom(run) then
    admit(id, run.job, run.overlap, encode(run), notBefore(run), body)
    publishSubmitted(run)
    return 'submitted'
  end
  -- A waiting run that a newer release wrote is left to other members, so no other run can wait.
  if run.overlap == 'skip' or isNewer(get('runs', get('waiting', run.job) or '')) then
    publish('job_max_instances', run.label .. ',' .. run.submission)
    noteFires(run, 'i', 0)
    return 'max_instances'
  end
  supersede(run.job)
  wait(id, run, body)
  if run.overlap == 'replace' then replaceOldest(run.job) end
  return 'waiting'
end
