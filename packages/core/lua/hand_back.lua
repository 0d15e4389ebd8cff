#!lua flags=allow-oom
-- Gives runs back unfinished, to be delivered again at once.
-- KEYS  runs, leases, outbox, wakeup
-- ARGV  now or '', then for each run: id, and its token or, of a run that was not started, its delivery id
local runs, leases, outbox, wakeup = unpack(KEYS)
local now = tonumber(ARGV[1])
if not now then
  local time = redis.call('TIME')
  now = time[1] * 1000 + math.floor(time[2] / 1000)
end

for i = 2, #ARGV, 2 do
  local record = redis.call('HGET', runs, ARGV[i])
  local delivery, token, rest = (record or ''):match('^(%S+) (%S+)( .*)$')
  if token == ARGV[i + 1] or (token == '-' and delivery == ARGV[i + 1]) then
    redis.call('HSET', runs, ARGV[i], '- -' .. rest)
    redis.call('ZREM', leases, ARGV[i])
    redis.call('ZADD', outbox, now, ARGV[i])
    redis.call('PUBLISH', wakeup, now)
  end
end
