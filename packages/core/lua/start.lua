#!lua flags=allow-oom
-- Starts the runs of a delivery, if they are owed under just this delivery. A first start that comes too late misses
-- fire times; a run that keeps losing its workers is settled as an error.
-- USES  store, types, foreign, aside, counters, publish, record, run, outcome, live, instances
-- ARGV  now or '', delivery id, token, lease in ms, how many lost workers are borne, JSON of the error beyond that,
--       worker (a member for job_started), then run ids
-- Returns  for each run: 'dropped', 'ended' or 'unreadable' and '', or 'started' and its record
local delivery, token, lease, borne, lost, worker = ARGV[2], ARGV[3], ARGV[4], tonumber(ARGV[5]), ARGV[6], ARGV[7]

-- Answers how many fire times are too late. What is missed is older than what is not.
local function miss(id, run)
  local late = {}
  for _, fire in ipairs(fires(run, 0)) do
    if fire.due + run.grace < now then late[#late + 1] = fire.time end
  end
  if #late > 0 then
    keep(id, run, publish('job_missed', run.label .. ',"first":' .. late[1] .. ',"last":' .. late[#late]))
  end
  return #late
end

local function start(id)
  local record = redis.call('HGET', key('runs'), id)
  if not record then return 'dropped' end
  local run = decode(record)
  if not run then return 'unreadable' end
  if run.delivery ~= delivery then return 'dropped' end
  if run.token == token then return 'started', record end

  if run.token ~= '-' then run.losses = run.losses + 1 end
  if run.cancel == 'c' then
    settleRest(id, run, run.done, 'cancelled', '')
  elseif tonumber(run.losses) > borne then
    settleRest(id, run, run.done, 'error', ',"error":' .. lost)
  elseif run.starts == '0' and run.grace ~= '-' then
    run.done = miss(id, run)
  end
  if run.cancel == 'c' or tonumber(run.losses) > borne or #fires(run, run.done) == 0 then
    finish(id, run)
    return 'ended'
  end

  run.token, run.starts = token, run.starts + 1
  write(id, run)
  redis.call('ZADD', key('leases'), now + lease, id)
  redis.call('ZREM', key('outbox'), id)
  publish('job_started', run.label .. ',' .. worker .. ',"attempt":' .. run.starts)
  return 'started', run.record
end

local reply = {}
for i = 8, #ARGV do
  local status, record = start(ARGV[i])
  reply[#reply + 1] = status
  reply[#reply + 1] = record or ''
end
return reply
