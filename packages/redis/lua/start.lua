#!lua flags=allow-oom
-- Starts the runs of a delivery, if the ledger names just this delivery for them. A first start that is too late misses fire times. A run
-- that lost too many workers is settled as an error.
-- USES  store, types, commands, page, foreign, aside, counters, bounded, publish, record, run, life, account, outcome, instances, stretches
-- ARGV  now or '', delivery id, token, lease in ms, how many lost workers are allowed, JSON of the error beyond that,
--       worker (a member for job_started), then run ids
-- Returns  a word for each run, with a blank between them: 'started', 'dropped', 'ended', 'newer' (a newer release wrote its state) or
--          'unreadable'; then for each run its state and its body ('' and '': it was not started)
local delivery, token, maxLosses, lostError, worker = ARGV[2], ARGV[3], tonumber(ARGV[5]), ARGV[6], ARGV[7]
local leaseEnd = string.format('%.0f', now + ARGV[4])

-- Misses the fire times whose grace is over, as `missedAtStart` of core/src/job/missed.ts does. That file has all other ways to miss a fire
-- time. Returns the other fire times: the missed ones are the oldest.
local function miss(id, run, left)
  local late = 0
  while left[late + 1] and left[late + 1].due + run.grace < now do late = late + 1 end
  if late == 0 then return left end
  publishKept(id, run, 'job_missed', run.label .. ',"first":' .. left[1].time .. ',"last":' .. left[late].time)
  noteFires(run, 'm', 0, late)
  run.done = late
  return fires(run, late)
end

-- Settles the fire times that must not start: all of them if the run is cancelled or has lost too many workers, else those past their grace.
-- Returns how many are settled; nothing if none is left to start.
local function settleUnstartable(id, run, losses)
  local left = fires(run, run.done)
  if run.cancel == 'c' then
    settleRest(id, run, run.done, 'cancelled', '')
  elseif losses > maxLosses then
    settleRest(id, run, run.done, 'error', ',"error":' .. lostError)
  else
    left = miss(id, run, left)
  end
  if run.cancel == '-' and losses <= maxLosses and #left > 0 then return run.done end
  conclude(id, run)
end

local function startOne(id)
  local state = get('runs', id)
  if not state then return 'dropped' end
  if isNewer(state) then return 'newer' end
  local run = headOf(state)
  -- The whole state of a run that was started before is checked, because its part that changes has no checksum.
  if run and (run.starts .. run.losses .. run.tries .. run.done) ~= '0000' then run = decode(state) end
  if not run then return 'unreadable' end
  if run.delivery ~= delivery then return 'dropped' end
  if run.token == token then return 'started', state end

  if run.token ~= '-' then run.losses = run.losses + 1 end
  local isLate = run.starts == '0' and run.late ~= '-' and tonumber(run.late) < now
  if isLate or run.cancel == 'c' or tonumber(run.losses) > maxLosses then
    local whole = decode(state)
    if not whole then return 'unreadable' end
    run.done = settleUnstartable(id, whole, tonumber(run.losses))
    if not run.done then return 'ended' end
  end

  state = start(id, run, token, leaseEnd)
  publish('job_started', run.label .. ',' .. worker .. ',"attempt":' .. run.starts)
  return 'started', state
end

local IDS = 8
local ids = { unpack(ARGV, IDS) }
for _, name in ipairs({ 'runs', 'bodies' }) do fetch(name, ids) end
local runs, bodies = valuesOf('runs'), valuesOf('bodies')

local statuses, reply = {}, { '' }
local function answer(at, status, state)
  statuses[at + 1] = status
  reply[2 * at + 2], reply[2 * at + 3] = state or '', state and bodies[ARGV[IDS + at]] or ''
end

local NEW, STARTED = beginningOf(delivery, '-', 0), beginningOf(delivery, token, 1)
local FIRST = ',' .. worker .. ',"attempt":1'
-- Bodies of job_started of the present stretch.
local labels, labelCount = {}, 0

-- Returns whether the run starts for the first time, and nothing else is to be done. If so, updates the values that were read, so that later
-- items see the change.
local function tryFastPath(at)
  local id = ARGV[IDS + at]
  local state = runs[id]
  if not state or state:sub(1, #NEW) ~= NEW then return false end
  local fixed, sum = state:sub(#NEW + 9), state:sub(#NEW + 1, #NEW + 8)
  if redis.sha1hex(fixed):sub(1, 8) ~= sum then return false end
  local late, label = beginningOfFixed(fixed)
  if not late or (late ~= '-' and tonumber(late) < now) then return false end
  labelCount = labelCount + 1
  labels[labelCount], runs[id] = label .. FIRST, STARTED .. sum .. fixed
  return true
end

local function startPlain(from, to)
  local states, count = {}, 0
  for at = from, to do
    local id = ARGV[IDS + at]
    local state = runs[id]
    states[count + 1], states[count + 2] = id, state
    count = count + 2
    answer(at, 'started', state)
  end
  publishAll('job_started', labels, 1, labelCount)
  labels, labelCount = {}, 0
  startAll(IDS + from, states, to - from + 1, leaseEnd)
end

inStretches(#ids, tryFastPath, startPlain, function(at) answer(at, startOne(ARGV[IDS + at])) end)
reply[1] = table.concat(statuses, ' ')
return flush(reply)
