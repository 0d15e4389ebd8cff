-- The keys of the store by their names, and its time in ms: ARGV[1] where a test brings its own, else that of Redis.
local function key(name) return KEYS[1] .. name end
local now = tonumber(ARGV[1])
if not now then
  local time = redis.call('TIME')
  now = time[1] * 1000 + math.floor(time[2] / 1000)
end
