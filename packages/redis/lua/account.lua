#!lua flags=no-writes
-- Reads the accounts of jobs, and the jobs themselves: the first one, and more until enough entries were read.
-- USES  store, aside, bounded
-- ARGV  now or '', how many entries are enough, then job ids
-- Returns  now, '1' if the store is paused; for each job that was read: since when all of it is there (nil: it is not written), how many
--          live runs it counts, its record, due instant, fire time where jitter makes it differ, last outcome; how many runs of it are
--          known to be live, or to wait, and these; the entries of its account as a JSON array, since ten thousand texts take longer
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
