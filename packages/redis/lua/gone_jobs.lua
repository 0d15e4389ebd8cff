#!lua flags=no-writes
-- Reads the removed jobs whose accounts are kept, in the order in which they were removed.
-- USES  store
-- ARGV  now or '', how many were read before, how many are to be read
-- Returns  when the last of those was removed that were forgotten because there were too many (nil: none was), then id and instant of each
local found = redis.pcall('ZRANGE', key('accounts:gone'), ARGV[2], ARGV[2] + ARGV[3] - 1, 'WITHSCORES')
local reply = { redis.call('GET', key('accounts:forgotten')) }
if found.err then return reply end
for _, item in ipairs(found) do reply[#reply + 1] = item end
return reply
