#!lua
-- Enters a run for now, without a leader, and wakes the leader.
-- USES  store, types, foreign, aside, counters, publish, record, run, outcome, live, instances, enter
-- ARGV  now or '', id of this call, run id, its record
-- Returns  'submitted', 'waiting' or 'max_instances'
local op = key('op:') .. ARGV[2]
local answer = redis.call('GET', op)
if answer then return answer end

local run = decode(ARGV[4])
if not run then return redis.error_reply('ERR the record of run ' .. ARGV[3] .. ' cannot be read') end
answer = enter(ARGV[3], run)
if answer == 'submitted' then redis.call('PUBLISH', key('wakeup'), now) end
redis.call('SET', op, answer, 'PX', 60000)
return answer
