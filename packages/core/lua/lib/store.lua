-- The keys of the store by their names, and its channels, which the databases of a server share: each but 0 has its own. Its time
-- in ms is that of Redis. ARGV[1] brings another one where a test has it, and, behind '@', the number of a database that is not 0.
local function key(name) return KEYS[1] .. name end
local given, database = ARGV[1]:match('^([^@]*)@?(%d*)$')
local function channel(name) return KEYS[1] .. (database == '' and name or 'db' .. database .. ':' .. name) end
local now = tonumber(given)
if not now then
  local time = redis.call('TIME')
  now = time[1] * 1000 + math.floor(time[2] / 1000)
end
-- The same as a text: to make one of a number costs more than most else of an event.
local nowText = string.format('%.0f', now)
