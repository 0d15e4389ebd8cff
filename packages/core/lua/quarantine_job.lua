#!lua
-- Moves a job's record that cannot be read out of the way, as it is, with why.
-- USES  store, types, foreign, aside, counters, publish
-- ARGV  now or '', epoch, id as it was told, due instant, why, body of job_quarantined
-- Returns  'over' or 'done'
if redis.call('GET', key('epoch')) ~= ARGV[2] then return 'over' end
local id, due, why = meant(ARGV[3]), ARGV[4], ARGV[5]
local dueAt = redis.call('ZSCORE', key('schedule'), id)
if tonumber(dueAt or 'nan') ~= tonumber(due) then return 'done' end

local record = { why = why, raw = redis.call('HGET', key('jobs'), id) or cjson.null, dueAt = dueAt }
record.fireTime = redis.call('HGET', key('cursor'), id) or nil
record.last = redis.call('HGET', key('last'), id) or nil
setAside(ARGV[3], record)
for _, name in ipairs({ 'jobs', 'cursor', 'last' }) do redis.call('HDEL', key(name), id) end
redis.call('ZREM', key('schedule'), id)
publish('job_quarantined', ARGV[6])
return 'done'
