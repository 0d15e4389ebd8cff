#!lua flags=allow-oom
-- Removes the quarantined record of a name, and the key that was moved away with it, and publishes the event.
-- USES  store, commands, page, aside, counters, bounded, publish
-- ARGV  now or '', id of this call, name, event, its body
-- Returns  1, or 0 if there is no record of this name
local op, name, event, body = key('op:') .. ARGV[2], ARGV[3], ARGV[4], ARGV[5]
if redis.call('EXISTS', op) == 1 then return 1 end

local json = redis.call('HGET', key('quarantine'), name)
if not json then return 0 end
local known, record = pcall(cjson.decode, json)
local movedTo = known and type(record) == 'table' and record.movedTo
if type(movedTo) == 'string' and movedTo:find('^quarantine:') then redis.call('UNLINK', key(movedTo)) end
redis.call('HDEL', key('quarantine'), name)
publish(event, body)
redis.call('SET', op, 'done', 'PX', 60000)
return flush(1)
