-- Counters. What replaces one and is not a count (another program wrote it) is kept in quarantine, as it is.

-- Lua makes a text of a number with 14 digits: a number of more is another one then.
local MOST = 99999999999999

local function isCount(raw)
  if type(raw) == 'number' then return raw <= MOST end
  return raw:find('^%d+$') and #raw < 15
end

-- Counts on from the time, in ms: that is beyond all that a counter which only grows ever was.
local function countOn(name, raw)
  setAside(name, { why = 'it is not a count', raw = raw })
  return now
end

-- Raises `rev`, the counter of changes, by a number. Returns what it was before.
local function raiseRev(count)
  local rev = redis.pcall('INCRBY', key('rev'), count)
  if type(rev) == 'table' or not isCount(rev) then
    if type(rev) == 'number' then redis.call('DECRBY', key('rev'), count) end
    rev = countOn('rev', redis.call('GET', key('rev'))) + count
    redis.call('SET', key('rev'), string.format('%.0f', rev))
  end
  return rev - count
end
