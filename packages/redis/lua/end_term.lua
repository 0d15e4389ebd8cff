#!lua flags=allow-oom
-- Publishes that a term is over and its lock released, and wakes those that are to contend at once: all standbys, or the next leader.
-- USES  store, commands, page, aside, counters, bounded, publish
-- ARGV  now or '', epoch, body of leader_lost, id of the coordinator that is to lead ('': any)
local op = key('op:') .. 'term ' .. ARGV[2]
if redis.call('EXISTS', op) == 1 then return end

publish('leader_lost', ARGV[3])
local led = redis.pcall('GET', key('led'))
if type(led) == 'string' and led:match('^%d+') == ARGV[2] then redis.call('DEL', key('led')) end
redis.call('PUBLISH', channel('wakeup'), ARGV[4] == '' and 'leader' or 'heir ' .. ARGV[4])
redis.call('SET', op, 'done', 'PX', 60000)
flush()
