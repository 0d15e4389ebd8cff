-- Counters. What stands in the place of one and is no count (somebody else wrote it) is kept in quarantine, as it is.

local function isCount(raw) return type(raw) == 'number' or (raw:find('^%d+$') and #raw < 16) end

-- Counts on from the time, in ms: that is beyond all that a counter which only grows ever was.
local function countOn(name, raw)
  setAside(name, { why = 'it is no count', raw = raw })
  return now
end
