#!lua
-- Says that a term is over and its lock released, and who is to lead next: it contends at once.
-- USES  store, aside, counters, publish
-- ARGV  now or '', body of leader_lost, id of the coordinator that is to lead
publish('leader_lost', ARGV[2])
redis.call('PUBLISH', key('wakeup'), 'heir ' .. ARGV[3])
