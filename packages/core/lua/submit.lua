#!lua
-- Enters a run for now, without a leader, and wakes the leader.
-- USES  store, types, counters, publish, run, outcome, instances, enter
-- ARGV  now or '', id of this call, run id, its record
-- Returns  'submitted', 'waiting' or 'max_instances'
local op = key('op:') .. ARGV[2]
local answer = redis.call('GET', op)
if answer then return answer end

answer = enter(ARGV[3], decode(ARGV[4]))
if answer == 'submitted' then redis.call('PUBLISH', key('wakeup'), now) end
redis.call('SET', op, answer, 'PX', 60000)
return answer
