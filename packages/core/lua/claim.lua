#!lua
-- Turns due jobs into runs that are owed, and sets their next fire. A job that someone changed meanwhile is skipped.
-- KEYS  epoch, paused, jobs, schedule, cursor, last, instances, runs, outbox, seq, events: (prefix), tomb: (prefix)
-- ARGV  now or '', epoch, tombstones' life in ms, then for each job: id, rev, due instant, next due instant ('': finished),
--       next fire time, tombstone to leave ('': none), maxInstances, run id ('': none), its record, and bodies ('': none) of
--       job_missed, job_submitted, job_max_instances, job_removed
-- Returns  'over', 'paused', or how many jobs were claimed
local epoch, paused, jobs, schedule, cursor, last, instances, runs, outbox, seq, events, tomb = unpack(KEYS)
if redis.call('GET', epoch) ~= ARGV[2] then return 'over' end
if redis.call('EXISTS', paused) == 1 then return 'paused' end
local now = tonumber(ARGV[1])
if not now then
  local time = redis.call('TIME')
  now = time[1] * 1000 + math.floor(time[2] / 1000)
end
local function publish(kind, body)
  local number = redis.call('HINCRBY', seq, kind, 1)
  redis.call('PUBLISH', events .. kind,
    '{"v":1,"seq":' .. number .. ',"type":"' .. kind .. '","at":' .. now .. ',' .. body .. '}')
end

local claimed = 0
for at = 4, #ARGV, 13 do
  local id, rev, due, next, fire, grave, max, run, record, missed, submitted, refused, removed =
    unpack(ARGV, at, at + 12)
  local job = redis.call('HGET', jobs, id)
  if job and job:match('^%d+') == rev and redis.call('ZSCORE', schedule, id) == due then
    claimed = claimed + 1
    if missed ~= '' then publish('job_missed', missed) end
    if run ~= '' and redis.call('HEXISTS', runs, run) == 0 then
      if tonumber(redis.call('HGET', instances, id) or 0) >= tonumber(max) then
        publish('job_max_instances', refused)
      else
        redis.call('HINCRBY', instances, id, 1)
        redis.call('HSET', runs, run, record)
        redis.call('ZADD', outbox, now, run)
        publish('job_submitted', submitted)
      end
    end
    if next == '' then
      redis.call('HDEL', jobs, id)
      redis.call('HDEL', last, id)
      redis.call('ZREM', schedule, id)
      if grave ~= '' then redis.call('SET', tomb .. id, grave, 'PX', ARGV[3]) end
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
