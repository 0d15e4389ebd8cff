#!lua
-- Puts a quarantined job back unchanged: it is due at the same instant, and the id of its run is the same.
-- USES  store, types, commands, page, foreign, metered, aside, counters, bounded, publish, account
-- ARGV  now or '', id of this call, name in quarantine, id of the job, body of job_added
-- Returns  'restored', 'gone' (it is not in quarantine), 'exists' (a job of this id exists) or 'unfit' (the record is not a job)
local op, name, id, added = key('op:') .. ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local answer = redis.call('GET', op)
if answer then return answer end

local known, record = pcall(cjson.decode, redis.call('HGET', key('quarantine'), name) or 'null')
if known and record == cjson.null then return 'gone' end
if not known or type(record) ~= 'table' then return 'unfit' end
local due = tonumber(record.dueAt or nil)
if type(record.raw) ~= 'string' or not due or math.abs(due) > LAST_INSTANT then return 'unfit' end
if redis.call('HEXISTS', key('jobs'), id) == 1 or redis.call('ZSCORE', key('schedule'), id) then return 'exists' end

-- A leader may know another job of this id.
raiseRev(1)
redis.call('HSET', key('jobs'), id, record.raw)
meter(id, false, record.raw)
setLimits(id, limitsSaid(record.raw))
redis.call('ZADD', key('schedule'), record.dueAt, id)
if record.fireTime then redis.call('HSET', key('cursor'), id, record.fireTime) end
if record.last then redis.call('HSET', key('last'), id, record.last) end
noteRestored(id, record.raw)
redis.call('DEL', key('tomb:') .. id)
redis.call('HDEL', key('quarantine'), name)
publish('job_added', added)
redis.call('SET', op, 'restored', 'PX', 60000)
redis.call('PUBLISH', channel('wakeup'), record.dueAt)
return flush('restored')
