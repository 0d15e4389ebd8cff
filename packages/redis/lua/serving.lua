#!lua flags=no-writes
-- Returns which workers there are, and which of these executors have limits in the whole cluster.
-- USES  store, look
-- ARGV  now or '', executors
-- Returns  now, what tellWorkers returns (lib/look.lua), then the executors that have limits
tellWorkers()
for i = 2, #ARGV do
  local limits = ofQueue(ARGV[i], 'meta', 'HMGET', 'concurrency', 'max')
  if limits and (limits[1] or limits[2]) then tell(ARGV[i]) end
end
return reply
