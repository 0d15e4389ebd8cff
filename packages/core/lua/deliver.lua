#!lua
-- Writes the delivery ids of runs whose time has come, as far as they are still in the outbox. They stay there until they are queued.
-- USES  store, foreign
-- ARGV  now or '', epoch, then for each run: id, delivery id
-- Returns  'over', or the ids of the runs that have theirs
if redis.call('GET', key('epoch')) ~= ARGV[2] then return 'over' end

-- Only the header's first word is written.
local HEAD = '^%S+() %S+ %d+ %d+ %d+ %d+ [-c] '
local reply = {}
for i = 3, #ARGV, 2 do
  local id, delivery = ARGV[i], ARGV[i + 1]
  local record = redis.call('HGET', key('runs'), id) or ''
  local tail = record:match(HEAD)
  local from = tonumber(redis.call('ZSCORE', key('outbox'), id) or nil)
  if tail and from and (from <= now or from > LAST_INSTANT) then
    redis.call('HSET', key('runs'), id, delivery .. record:sub(tail))
    reply[#reply + 1] = id
  end
end
return reply
