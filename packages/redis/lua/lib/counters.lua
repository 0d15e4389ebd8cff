-- Counters. If another program wrote something in place of a count, that is kept in quarantine, unchanged.

-- Lua writes a number as a text with 14 digits, so a larger number would change.
local MOST = 99999999999999

local function isCount(raw)
  if type(raw) == 'number' then return raw <= MOST end
  return raw:find('^%d+$') and #raw < 15
end

-- Continues a counter from the time in ms, which is beyond all values that a counter that only grows can have had.
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
