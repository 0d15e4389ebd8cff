#!lua
-- Gives runs in the outbox whose time has come a delivery id each. They stay in the outbox until they are queued.
-- KEYS  epoch, outbox, runs
-- ARGV  now or '', epoch, limit, a nonce
-- Returns  'over', or for each run: id, delivery id and executor, both '' if its record cannot be read
local epoch, outbox, runs = unpack(KEYS)
if redis.call('GET', epoch) ~= ARGV[2] then return 'over' end
local now = tonumber(ARGV[1])
if not now then
  local time = redis.call('TIME')
  now = time[1] * 1000 + math.floor(time[2] / 1000)
end

local reply = {}
for i, id in ipairs(redis.call('ZRANGE', outbox, '-inf', now, 'BYSCORE', 'LIMIT', 0, ARGV[3])) do
  local record = redis.call('HGET', runs, id)
  local rest, executor = (record or ''):match('^%S+( %S+ %d+ %d+ %d+ %S+ (%S+) %S+ .*)$')
  local delivery = rest and 'd' .. ARGV[4] .. '-' .. i or ''
  if rest then redis.call('HSET', runs, id, delivery .. rest) end
  reply[#reply + 1] = id
  reply[#reply + 1] = delivery
  reply[#reply + 1] = executor or ''
end
return reply
