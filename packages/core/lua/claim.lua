#!lua
-- Turns due jobs into runs that are owed, and sets their next fire, one after the other. A job that someone changed meanwhile,
-- or holds, is skipped.
-- USES  store, types, page, foreign, aside, counters, publish, record, run, life, outcome, instances, enter
-- ARGV  now or '', epoch, tombstones' life in ms, then for each job: id, rev, due instant, next due instant ('': finished),
--       next fire time, tombstone to leave ('': none), bodies ('': none) of job_missed and job_removed, run id ('': none), its
--       max instances, its overlap, its state, with the delivery that it is to go out under, its body, and body of job_submitted
-- Returns  'over', 'paused', or for each job: 'skipped', 'claimed', or 'submitted' where its run is to be delivered
if redis.call('GET', key('epoch')) ~= ARGV[2] then return 'over' end
if redis.call('EXISTS', key('paused')) == 1 then return 'paused' end

local WORDS = 14
local ids, runIds = {}, {}
for at = 4, #ARGV, WORDS do
  ids[#ids + 1] = ARGV[at]
  if ARGV[at + 8] ~= '' then runIds[#runIds + 1] = ARGV[at + 8] end
end
for _, name in ipairs({ 'jobs', 'schedule', 'instances', 'waiting' }) do fetch(name, ids) end
fetch('runs', runIds)

local isAnyHeld = redis.call('EXISTS', key('held')) == 1
local function isAsRead(id, rev, due)
  local record = get('jobs', id)
  if not record or record:match('^%d+') ~= rev or get('schedule', id) ~= due then return false end
  return not (isAnyHeld and tonumber(get('held', id) or 0) > now)
end

-- A run for which there is room is entered as it was given; the state of others is read.
local function enterClaimed(job, id, max, overlap, state, body, submitted)
  if get('runs', id) then return 'claimed' end
  if overlap ~= 'skip' or get('waiting', job) or liveRuns(job) >= tonumber(max) then
    return enter(id, decode(state), body) == 'submitted' and 'submitted' or 'claimed'
  end
  admit(id, job, overlap, state, nowText, body)
  publish('job_submitted', submitted)
  return 'submitted'
end

local function finishJob(id, grave, removed)
  for _, name in ipairs({ 'jobs', 'last', 'schedule' }) do set(name, id, false) end
  if grave ~= '' then redis.call('SET', key('tomb:') .. id, grave, 'PX', ARGV[3]) end
  publish('job_removed', removed)
end

local reply = {}
for at = 4, #ARGV, WORDS do
  local id, rev, due, next, fire, grave, missed, removed, runId, max, overlap, state, body, submitted =
    unpack(ARGV, at, at + WORDS - 1)
  local status = isAsRead(id, rev, due) and 'claimed' or 'skipped'
  if status == 'claimed' then
    if missed ~= '' then publish('job_missed', missed) end
    if runId ~= '' then status = enterClaimed(id, runId, max, overlap, state, body, submitted) end
    if next == '' then finishJob(id, grave, removed) else set('schedule', id, next) end
    set('cursor', id, next ~= '' and next ~= fire and fire)
  end
  reply[#reply + 1] = status
end
return flush(reply)
