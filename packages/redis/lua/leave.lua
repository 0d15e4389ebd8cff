#!lua flags=allow-oom
-- Forgets a worker that was stopped. One that does not read the format was not served: only what it reads is forgotten.
-- USES  store, commands, page, aside, counters, bounded, publish, workers
-- ARGV  now or '', worker id, members of worker_left other than the worker and the cause
if format > newest then
  redis.call('HDEL', key('readers'), 'worker ' .. ARGV[2])
  return
end

forgetWorker(ARGV[2], ARGV[3], 'stopped')
flush()
