#!lua flags=no-writes
-- Reads what is kept of a job, and what there is of it.
-- USES  store, aside, bounded
-- ARGV  now or '', job id
-- Returns  now, since when all of it is there (nil: it is not written), '1' if the store is paused, how many live runs
--          the job counts, then its record, due instant, fire time where jitter makes it differ, last outcome; how many runs of it are
--          known to be live, or to wait, and these; then the entries of its account
local id = ARGV[2]
local function listed(command, name, ...)
  local found = redis.pcall(command, key(name), ...)
  return found.err and {} or found
end

local live = listed('ZRANGE', 'live:' .. id, 0, -1)
live[#live + 1] = redis.call('HGET', key('waiting'), id) or nil
local reply = { now, since(id), redis.call('EXISTS', key('paused')),
  tonumber(redis.call('HGET', key('instances'), id) or 0) or 0, redis.call('HGET', key('jobs'), id), redis.call('ZSCORE', key('schedule'), id),
  redis.call('HGET', key('cursor'), id), redis.call('HGET', key('last'), id), #live }
for _, run in ipairs(live) do reply[#reply + 1] = run end
for _, entry in ipairs(listed('LRANGE', 'account:' .. id, 0, -1)) do reply[#reply + 1] = entry end
return reply
