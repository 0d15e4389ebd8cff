-- The keys of the store by their names, and its channels, which the databases of a server share: each but 0 has its own. Its time
-- in ms is that of Redis. ARGV[1] is four parts, '@' between them: another time where a test has it, the number of a database that is
-- not 0, and the oldest and newest format that the caller reads ('' where it asks nothing of one store). '+' behind these lets a call
-- begin where the format is too new: it shows a member, so that the format is lowered.
local function key(name) return KEYS[1] .. name end
local given, database, oldest, newest, shows = ARGV[1]:match('^([^@]*)@?(%d*)@?(%d*)@?(%d*)(%+?)$')
-- How much a key held as the call began, where `types` has looked, until `page` adds something to it. What a script adds past `page`, it does
-- not read by `page` later.
local sizes = {}
local function channel(name) return KEYS[1] .. (database == '' and name or 'db' .. database .. ':' .. name) end
local now, nowText = tonumber(given), nil
-- As a text, too: to make one of a number costs more than most else of an event.
if now then
  nowText = string.format('%.0f', now)
else
  local time = redis.call('TIME')
  nowText = time[1] .. ('00000' .. time[2]):sub(-6, -4)
  now = tonumber(nowText)
end

-- The format in which this call writes, and the lowest that newer members still write. A store that is new has none yet: it gets the
-- lowest with its first write, which a script that writes nothing leaves out.
oldest, newest = tonumber(oldest), tonumber(newest)
local format, lowest, isNew
if newest then
  local written = redis.call('GET', key('format'))
  if not written then
    written = oldest .. ' ' .. oldest
    if redis.call('EXISTS', key('jobs'), key('runs')) > 0 then return redis.error_reply('FORMAT none') end
    redis.pcall('SET', key('format'), written)
    isNew = true
  end
  format, lowest = written:match('^(%d+) (%d+)$')
  format, lowest = tonumber(format), tonumber(lowest)
  if not format or format < oldest or (format > newest and shows == '') then
    return redis.error_reply('FORMAT ' .. written)
  end
end
