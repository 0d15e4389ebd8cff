#!lua flags=no-writes
-- Reads quarantined records, in the order of their names.
-- USES  store, order
-- ARGV  now or '', name ('': all), how many at most
-- Returns  for each: name, JSON
local names = redis.call('HKEYS', key('quarantine'))
names = ARGV[2] == '' and inOrder(names) or { ARGV[2] }

local reply = {}
for _, name in ipairs(names) do
  local record = #reply < 2 * tonumber(ARGV[3]) and redis.call('HGET', key('quarantine'), name)
  if record then
    reply[#reply + 1] = name
    reply[#reply + 1] = record
  end
end
return reply
