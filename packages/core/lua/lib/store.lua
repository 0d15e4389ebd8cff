-- The keys of the store by their names, and its time in ms: ARGV[1] where a test brings its own, else that of Redis.
local function key(name) return KEYS[1] .. name end
-- Members whose scores are no instants: a Date of JavaScript goes no further. They would never come due.
local function beyondTime(name)
  return redis.call('ZRANGE', key(name), '(8640000000000000', '+inf', 'BYSCORE', 'LIMIT', 0, 100, 'WITHSCORES')
end
local now = tonumber(ARGV[1])
if not now then
  local time = redis.call('TIME')
  now = time[1] * 1000 + math.floor(time[2] / 1000)
end
