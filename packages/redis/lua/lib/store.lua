-- The keys of the store and its channels, by their names. The databases of a server share channels, so each database but 0 has its own. The
-- time is Redis' own, in ms. ARGV[1] has four parts with '@' between them: another time if a test sets one, the number of a database that is
-- not 0, and the oldest and the newest format that the caller reads ('' if the call concerns no store). A '+' behind these lets a call begin
-- even if the format is too new: the call shows a member, so that the format is lowered.
local function key(name) return KEYS[1] .. name end
local given, database, oldest, newest, shows = ARGV[1]:match('^([^@]*)@?(%d*)@?(%d*)@?(%d*)(%+?)$')
-- The size of each key when the call began, if `types` has read it, until `page` adds something to the key. A script does not read by `page`
-- what it has added by other means.
local sizes = {}
local function channel(name) return KEYS[1] .. (database == '' and name or 'db' .. database .. ':' .. name) end
local now, nowText = tonumber(given), nil
-- Also as a text: to convert a number into a text costs more than most other work for an event.
if now then
  nowText = string.format('%.0f', now)
else
  local time = redis.call('TIME')
  nowText = time[1] .. ('00000' .. time[2]):sub(-6, -4)
  now = tonumber(nowText)
end

-- The format in which this call writes, and the lowest that newer members still write. A new store has no format: its first call sets it to
-- the oldest that the caller reads, unless the script may not write.
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
