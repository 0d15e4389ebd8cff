#!lua
-- Moves a job's record that cannot be read out of the way, as it is, with why.
-- USES  store, types, counters, publish
-- ARGV  now or '', epoch, id, due instant, why, body of job_quarantined
-- Returns  'over' or 'done'
if redis.call('GET', key('epoch')) ~= ARGV[2] then return 'over' end
local id, due, why = ARGV[3], ARGV[4], ARGV[5]
if tonumber(redis.call('ZSCORE', key('schedule'), id) or 'nan') ~= tonumber(due) then return 'done' end

local record = redis.call('HGET', key('jobs'), id) or cjson.null
redis.call('HSET', key('quarantine'), id, cjson.encode({ why = why, at = now, raw = record }))
for _, name in ipairs({ 'jobs', 'cursor', 'last' }) do redis.call('HDEL', key(name), id) end
redis.call('ZREM', key('schedule'), id)
publish('job_quarantined', ARGV[6])
return 'done'
