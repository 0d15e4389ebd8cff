#!lua flags=no-writes
-- Reads jobs, with the time at which they were read.
-- KEYS  jobs, schedule, cursor, last, tomb: (prefix)
-- ARGV  now or '', then job ids
-- Returns  now, then for each id: record, due instant, fire time where jitter makes it differ, last outcome, tombstone
local jobs, schedule, cursor, last, tomb = unpack(KEYS)
local now = tonumber(ARGV[1])
if not now then
  local time = redis.call('TIME')
  now = time[1] * 1000 + math.floor(time[2] / 1000)
end

local reply = { now }
for i = 2, #ARGV do
  local id = ARGV[i]
  reply[#reply + 1] = redis.call('HGET', jobs, id)
  reply[#reply + 1] = redis.call('ZSCORE', schedule, id)
  reply[#reply + 1] = redis.call('HGET', cursor, id)
  reply[#reply + 1] = redis.call('HGET', last, id)
  reply[#reply + 1] = redis.call('GET', tomb .. id)
end
return reply
