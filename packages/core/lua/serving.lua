#!lua flags=no-writes
-- Tells which workers there are, and which of these executors have limits in the whole cluster.
-- USES  store
-- ARGV  now or '', executors
-- Returns  now, how many workers, then for each: id, last sign of life, what it told; then the executors that have limits
local known = redis.call('ZRANGE', key('workers'), 0, -1, 'WITHSCORES')
local reply = { now, #known / 2 }
for i = 1, #known, 2 do
  reply[#reply + 1] = known[i]
  reply[#reply + 1] = known[i + 1]
  reply[#reply + 1] = redis.call('HGET', key('workers:info'), known[i])
end
for i = 2, #ARGV do
  -- BullMQ's own record of the queue.
  local limits = redis.pcall('HMGET', key('q:') .. ARGV[i] .. ':meta', 'concurrency', 'max')
  if limits[1] or limits[2] then reply[#reply + 1] = ARGV[i] end
end
return reply
