#!lua flags=allow-oom
-- Forgets a worker that was stopped. If the worker does not read the format, it was not served: then only which formats it reads is forgotten.
-- USES  store, commands, page, aside, counters, bounded, publish, workers
-- ARGV  now or '', worker id, members of worker_left other than the worker and the cause
if format > newest then
  redis.call('HDEL', key('readers'), 'worker ' .. ARGV[2])
  return
end

forgetWorker(ARGV[2], ARGV[3], 'stopped')
flush()
