#!lua flags=no-writes
-- Reads the newest outcomes of many jobs.
-- USES  store
-- ARGV  now or '', how many entries of each account at most, then job ids
-- Returns  for each id: its last outcome with its open stretches (nil: none), how many entries follow, and these entries, oldest first
local reply = {}
for i = 3, #ARGV do
  local entries = redis.pcall('LRANGE', key('account:') .. ARGV[i], '-' .. ARGV[2], -1)
  if entries.err then entries = {} end
  reply[#reply + 1] = redis.call('HGET', key('last'), ARGV[i])
  reply[#reply + 1] = #entries
  for _, entry in ipairs(entries) do reply[#reply + 1] = entry end
end
return reply
