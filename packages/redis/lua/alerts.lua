#!lua flags=no-writes
-- Reads what is stored about alerts, and the silences that are not over.
-- USES  store
-- ARGV  now or ''
-- Returns  the store's time, how many silences there are, id and value of each, then field and value of all that is stored
local found, silences = redis.call('HGETALL', key('alerts')), redis.call('HGETALL', key('alerts:silences'))
local reply = { nowText, 0 }
for at = 1, #silences, 2 do
  if tonumber(silences[at + 1]:match('^%d+') or 0) > now then
    reply[2] = reply[2] + 1
    reply[#reply + 1], reply[#reply + 2] = silences[at], silences[at + 1]
  end
end
for _, item in ipairs(found) do reply[#reply + 1] = item end
return reply
