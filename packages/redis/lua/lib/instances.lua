-- What happens as instances of a job are taken and given back.

-- When a run may be delivered. One of no job may be asked for beforehand: not before it is due.
local function notBefore(run)
  if run.job ~= '' then return now end
  return math.max(now, fires(run, run.done)[1].due)
end

local function publishSubmitted(run) publish('job_submitted', run.label .. ',' .. run.submission) end

-- Admits the waiting run of a job if there is room. One that cannot be read goes where the leader finds it; one that a newer release
-- wrote waits on.
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

-- Takes a run whose every fire time is settled out of the ledger; the one that waits for its instance has it.
local function conclude(id, run)
  finish(id, run)
  remember(id, run)
  if run.job ~= '' then admitWaiting(run.job) end
end

-- Ends a run that no worker has; of one that was started, the worker is notified. `by`: members of its events, who asked for it. Returns
-- 'cancelled' or 'cancelling'.
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
