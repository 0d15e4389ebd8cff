#!lua flags=no-writes
-- Reads a page of due jobs and when there is more to do.
-- USES  store
-- ARGV  now or '', limit
-- Returns  now, '1' if the store is paused, instant of the next fire after this page, instant of the first run in the
--          outbox, then for each job: id, record, due instant, fire time where jitter makes it differ
local schedule = key('schedule')
local first = redis.call('ZRANGE', key('outbox'), 0, 0, 'WITHSCORES')[2] or false
if redis.call('EXISTS', key('paused')) == 1 then return { now, '1', false, first } end

local due = redis.call('ZRANGE', schedule, '-inf', now, 'BYSCORE', 'LIMIT', 0, ARGV[2], 'WITHSCORES')
local after = redis.call('ZRANGE', schedule, #due / 2, #due / 2, 'WITHSCORES')[2] or false
local reply = { now, '', after, first }
for i = 1, #due, 2 do
  reply[#reply + 1] = due[i]
  reply[#reply + 1] = redis.call('HGET', key('jobs'), due[i])
  reply[#reply + 1] = due[i + 1]
  reply[#reply + 1] = redis.call('HGET', key('cursor'), due[i])
end
return reply
