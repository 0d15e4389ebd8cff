#!lua flags=no-writes
-- Reads jobs, with the time at which they were read.
-- USES  store
-- ARGV  now or '', then job ids
-- Returns  now, then for each id: record, due instant, fire time if jitter makes it differ, last outcome, tombstone
local reply = { now }
for i = 2, #ARGV do
  local id = ARGV[i]
  reply[#reply + 1] = redis.call('HGET', key('jobs'), id)
  reply[#reply + 1] = redis.call('ZSCORE', key('schedule'), id)
  reply[#reply + 1] = redis.call('HGET', key('cursor'), id)
  reply[#reply + 1] = redis.call('HGET', key('last'), id)
  reply[#reply + 1] = redis.call('GET', key('tomb:') .. id)
end
return reply
