-- Counters. What stands in the place of one and is no count (somebody else wrote it) is kept in quarantine, as it is.

local function setAside(name, raw)
  redis.call('HSET', key('quarantine'), name, cjson.encode({ why = 'it is no count', at = now, raw = raw }))
end

local function isCount(raw) return raw:find('^%d+$') and #raw < 16 end

-- Counts on from the time, in ms: that is beyond all that a counter which only grows ever was.
local function countOn(name, raw)
  setAside(name, raw)
  return now
end
