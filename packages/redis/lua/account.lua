#!lua flags=no-writes
-- Reads the accounts of jobs, and the jobs themselves. Always reads the first job, then more jobs until it has read enough entries.
-- USES  store, aside, bounded
-- ARGV  now or '', how many entries are enough, then job ids
-- Returns  now, 1 if the store is paused, else 0; for each job that was read: since when its account is complete (nil: accounts are not written), the
--          count of its live runs, its record, due instant, fire time if jitter makes it differ, last outcome; how many of its live and waiting runs
--          are known, and their ids; the entries of its account as one JSON array: thousands of single texts take longer
local function listed(command, name, ...)
  local found = redis.pcall(command, name, ...)
  return found.err and {} or found
end

local jobs, last, schedule, cursor = key('jobs'), key('last'), key('schedule'), key('cursor')
local instances, waiting, live, account = key('instances'), key('waiting'), key('live:'), key('account:')
local reply, enough, read = { now, redis.call('EXISTS', key('paused')) }, tonumber(ARGV[2]), 0
local function add(value) reply[#reply + 1] = value end
for i = 3, #ARGV do
  local id = ARGV[i]
  local runs = listed('ZRANGE', live .. id, 0, -1)
  runs[#runs + 1] = redis.call('HGET', waiting, id) or nil
  local entries = listed('LRANGE', account .. id, 0, -1)
  add(since(id))
  add(tonumber(redis.call('HGET', instances, id) or 0) or 0)
  add(redis.call('HGET', jobs, id))
  add(redis.call('ZSCORE', schedule, id))
  add(redis.call('HGET', cursor, id))
  add(redis.call('HGET', last, id))
  add(#runs)
  for _, run in ipairs(runs) do add(run) end
  add(#entries > 0 and cjson.encode(entries) or '[]')
  read = read + #entries
  if read >= enough then break end
end
return reply
