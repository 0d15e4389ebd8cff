#!lua flags=no-writes
-- Reads a page of due jobs and when there is more to do.
-- KEYS  jobs, schedule, cursor, paused, outbox
-- ARGV  now or '', limit
-- Returns  now, '1' if the store is paused, instant of the next fire after this page, instant of the first run in the
--          outbox, then for each job: id, record, due instant, fire time where jitter makes it differ
local jobs, schedule, cursor, paused, outbox = unpack(KEYS)
local now = tonumber(ARGV[1])
if not now then
  local time = redis.call('TIME')
  now = time[1] * 1000 + math.floor(time[2] / 1000)
end

local first = redis.call('ZRANGE', outbox, 0, 0, 'WITHSCORES')[2] or false
if redis.call('EXISTS', paused) == 1 then return { now, '1', false, first } end

local due = redis.call('ZRANGE', schedule, '-inf', now, 'BYSCORE', 'LIMIT', 0, ARGV[2], 'WITHSCORES')
local after = redis.call('ZRANGE', schedule, #due / 2, #due / 2, 'WITHSCORES')[2] or false
local reply = { now, '', after, first }
for i = 1, #due, 2 do
  reply[#reply + 1] = due[i]
  reply[#reply + 1] = redis.call('HGET', jobs, due[i])
  reply[#reply + 1] = due[i + 1]
  reply[#reply + 1] = redis.call('HGET', cursor, due[i])
end
return reply
