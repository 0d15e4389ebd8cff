#!lua flags=allow-oom
-- Silences alerts until an instant, or removes a silence.
-- USES  store
-- ARGV  now or '', id of the silence, `<until when in ms> <JSON>` ('': it is removed)
if ARGV[3] == '' then
  redis.call('HDEL', key('alerts:silences'), ARGV[2])
else
  redis.call('HSET', key('alerts:silences'), ARGV[2], ARGV[3])
end
