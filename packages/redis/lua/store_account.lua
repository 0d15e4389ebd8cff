#!lua flags=no-writes
-- Reads a page of the store's account, newest entries first.
-- USES  store, aside, bounded
-- ARGV  now or '', how many were read before, how many are to be read
-- Returns  since when the account is complete (nil: it is not written), then entries
local before, limit = tonumber(ARGV[2]), tonumber(ARGV[3])
local found = redis.pcall('LRANGE', key('account'), -before - limit, -before - 1)
local reply = { since('') }
if found.err then return reply end
for at = #found, 1, -1 do reply[#reply + 1] = found[at] end
return reply
