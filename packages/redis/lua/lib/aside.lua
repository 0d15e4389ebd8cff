-- Moves aside what another program wrote: it is kept in quarantine as it is, with the reason.

-- What was kept under this name before stays, too.
local function setAside(name, record)
  record.at = now
  while redis.call('HSETNX', key('quarantine'), name, cjson.encode(record)) == 0 do name = name .. '@' .. now end
end

local function moveAway(name, why)
  local movedTo = 'quarantine:' .. name .. '@' .. now
  while redis.call('RENAMENX', key(name), key(movedTo)) == 0 do movedTo = movedTo .. '@' .. now end
  setAside(name, { why = why, movedTo = movedTo })
end

-- The key of a job or a run, once no other type of value is in its place.
local function ownKey(name, type)
  local is = redis.call('TYPE', key(name)).ok
  if is ~= type and is ~= 'none' then moveAway(name, 'it is a ' .. is .. ', not a ' .. type) end
  return key(name)
end
