#!lua flags=no-writes
-- Reads quarantined records, in the order of their names.
-- USES  store
-- ARGV  now or '', name ('': all), how many at most
-- Returns  for each: name, JSON
local names = redis.call('HKEYS', key('quarantine'))
if ARGV[2] ~= '' then names = { ARGV[2] } else table.sort(names) end

local reply = {}
for _, name in ipairs(names) do
  local record = #reply < 2 * tonumber(ARGV[3]) and redis.call('HGET', key('quarantine'), name)
  if record then
    reply[#reply + 1] = name
    reply[#reply + 1] = record
  end
end
return reply
