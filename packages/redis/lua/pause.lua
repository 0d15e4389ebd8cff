#!lua flags=allow-oom
-- Stops or starts all firing of a job store.
-- USES  store, commands, page, aside, counters, bounded, publish
-- ARGV  now or '', 'paused' or 'resumed', event, its body
-- Returns  1 if that changed anything, else 0
local paused, changed = key('paused'), nil
if ARGV[2] == 'paused' then
  changed = redis.call('SET', paused, '1', 'NX') and 1 or 0
else
  changed = redis.call('DEL', paused)
end
if changed == 1 then
  publish(ARGV[3], ARGV[4])
  redis.call('PUBLISH', channel('wakeup'), now)
end
return flush(changed)
