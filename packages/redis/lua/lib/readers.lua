-- Which formats the members of a store read. The keys `readers` and `format` are the same in every format.

local function writeFormat(value, least)
  if value == format and least == lowest then return end
  -- From this instant on, all members have written the accounts.
  if value >= 3 and format < 3 then redis.call('SET', key('accounts:from'), nowText) end
  if value < 3 and format >= 3 then redis.call('DEL', key('accounts:from')) end
  format, lowest = value, least
  redis.call('SET', key('format'), ('%d %d'):format(value, least))
end

-- Shows which formats a member reads, for as long as it counts as alive. Lowers the store's format to what the member reads, if the newer
-- members still write that. If they do not, returns an error: the member is not served.
local function showReader(member, aliveMs)
  redis.call('HSET', key('readers'), member, ('%d %d %.0f'):format(oldest, newest, now + aliveMs))
  if newest < format and newest >= lowest then writeFormat(newest, lowest) end
  if newest < format then return redis.error_reply(('FORMAT %d %d'):format(format, lowest)) end
end

-- Writes the highest format that the caller and all living members read. Only a leader calls this.
local function raiseFormat()
  local least, still = newest, oldest
  local all = redis.call('HGETALL', key('readers'))
  for i = 1, #all, 2 do
    local from, to, aliveUntil = all[i + 1]:match('^(%d+) (%d+) (%d+)$')
    if not from or tonumber(aliveUntil) <= now then
      redis.call('HDEL', key('readers'), all[i])
    else
      least = math.min(least, to)
      if tonumber(from) <= newest then still = math.max(still, from) end
    end
  end
  writeFormat(math.max(least, still), still)
end
