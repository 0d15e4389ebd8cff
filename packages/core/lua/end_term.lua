#!lua
-- Says that a term is over and its lock released: standbys contend at once.
-- USES  store, aside, counters, publish
-- ARGV  now or '', body of leader_lost
publish('leader_lost', ARGV[2])
redis.call('PUBLISH', key('wakeup'), 'leader')
