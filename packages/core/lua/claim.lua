#!lua
-- Turns due jobs into runs that are owed, and sets their next fire, one after the other. A job that someone changed meanwhile,
-- or holds, is skipped.
-- USES  store, types, foreign, aside, counters, publish, record, run, outcome, live, instances, enter
-- ARGV  now or '', epoch, tombstones' life in ms, then for each job: id, rev, due instant, next due instant ('': finished),
--       next fire time, tombstone to leave ('': none), run id ('': none), its record, and bodies ('': none) of job_missed and
--       job_removed
-- Returns  'over', 'paused', 'refused' and the id of a run whose record is none (nothing was claimed), or how many jobs were
--          claimed
if redis.call('GET', key('epoch')) ~= ARGV[2] then return 'over' end
if redis.call('EXISTS', key('paused')) == 1 then return 'paused' end
local jobs, schedule, cursor = key('jobs'), key('schedule'), key('cursor')

local runs = {}
for at = 4, #ARGV, 10 do
  local run = ARGV[at + 6]
  runs[at] = run ~= '' and decode(ARGV[at + 7])
  if runs[at] == nil then return 'refused ' .. run end
end

local claimed, anyHeld = 0, redis.call('EXISTS', key('held')) == 1
for at = 4, #ARGV, 10 do
  local id, rev, due, next, fire, grave, run, _, missed, removed = unpack(ARGV, at, at + 9)
  local job = redis.call('HGET', jobs, id)
  local isHeld = anyHeld and tonumber(redis.call('ZSCORE', key('held'), id) or 0) > now
  if job and job:match('^%d+') == rev and redis.call('ZSCORE', schedule, id) == due and not isHeld then
    claimed = claimed + 1
    if missed ~= '' then publish('job_missed', missed) end
    if run ~= '' and redis.call('HEXISTS', key('runs'), run) == 0 then enter(run, runs[at]) end
    if next == '' then
      redis.call('HDEL', jobs, id)
      redis.call('HDEL', key('last'), id)
      redis.call('ZREM', schedule, id)
      if grave ~= '' then redis.call('SET', key('tomb:') .. id, grave, 'PX', ARGV[3]) end
      publish('job_removed', removed)
    else
      redis.call('ZADD', schedule, next, id)
    end
    if next ~= '' and next ~= fire then
      redis.call('HSET', cursor, id, fire)
    else
      redis.call('HDEL', cursor, id)
    end
  end
end
return claimed
