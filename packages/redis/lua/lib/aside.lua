-- Moves aside what another program wrote: keeps it in quarantine, unchanged and with the reason.

-- A record that was kept under this name before stays, too: the new one gets a longer name.
local function setAside(name, record)
  record.at = now
  while redis.call('HSETNX', key('quarantine'), name, cjson.encode(record)) == 0 do name = name .. '@' .. now end
end

local function moveAway(name, why)
  local movedTo = 'quarantine:' .. name .. '@' .. now
  while redis.call('RENAMENX', key(name), key(movedTo)) == 0 do movedTo = movedTo .. '@' .. now end
  setAside(name, { why = why, movedTo = movedTo })
end

-- Returns the key of a job or a run. If a value of another type is in its place, moves that away first.
local function ownKey(name, type)
  local is = redis.call('TYPE', key(name)).ok
  if is ~= type and is ~= 'none' then moveAway(name, 'it is a ' .. is .. ', not a ' .. type) end
  return key(name)
end
