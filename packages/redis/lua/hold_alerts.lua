#!lua flags=allow-oom
-- Takes, keeps or leaves the place of the one process that watches the store for alerts. Removes silences that are over.
-- USES  store
-- ARGV  now or '', id of the process, how long it has the place in ms (0: it leaves)
-- Returns  1 if it has the place, else 0, then id and value of each silence
local place, silences = key('alerts:watcher'), key('alerts:silences')
local ends, holder = (redis.call('GET', place) or ''):match('^(%d+) (.*)$')
local isFree = not ends or tonumber(ends) <= now or holder == ARGV[2]
if isFree and ARGV[3] ~= '0' then
  redis.call('SET', place, string.format('%.0f', now + ARGV[3]) .. ' ' .. ARGV[2], 'PX', math.max(ARGV[3], 60000))
elseif holder == ARGV[2] then
  redis.call('DEL', place)
end
local reply = { isFree and ARGV[3] ~= '0' and 1 or 0 }
local found = redis.call('HGETALL', silences)
for at = 1, #found, 2 do
  if tonumber(found[at + 1]:match('^%d+') or 0) <= now then
    redis.call('HDEL', silences, found[at])
  else
    reply[#reply + 1], reply[#reply + 2] = found[at], found[at + 1]
  end
end
return reply
