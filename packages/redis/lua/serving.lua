#!lua flags=no-writes
-- Reads which workers there are, and which of these executors have limits in the whole cluster.
-- USES  store, look, queue
-- ARGV  now or '', then executors
-- Returns  now, what addWorkers returns (lib/look.lua), then the executors that have limits
addWorkers()
for i = 2, #ARGV do
  local concurrency, max = queueLimitsOf(ARGV[i])
  if concurrency or max then add(ARGV[i]) end
end
return reply
