#!lua flags=allow-oom
-- Writes what the process that watches the store for alerts keeps, if it still has that place.
-- USES  store
-- ARGV  now or '', id of the process, then for each field: its name and its value ('': it is removed)
-- Returns  1 if it was written, else 0
local ends, holder = (redis.call('GET', key('alerts:watcher')) or ''):match('^(%d+) (.*)$')
if holder ~= ARGV[2] or tonumber(ends) <= now then return 0 end
local alerts = key('alerts')
redis.call('HLEN', alerts)
for at = 3, #ARGV, 2 do
  if ARGV[at + 1] == '' then redis.call('HDEL', alerts, ARGV[at]) else redis.call('HSET', alerts, ARGV[at], ARGV[at + 1]) end
end
return 1
