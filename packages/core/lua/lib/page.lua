-- The hashes and sorted sets of the store, as far as a script needs them. Each value is read once, and many at a time where
-- `fetch` names them; changes are kept until `flush` writes them, all those of a key together. What a script reads or changes
-- here, it touches by no other way.

local SORTED = { schedule = true, held = true, leases = true, outbox = true }
-- Arguments that Lua passes in one call.
local MOST = 1000

-- `changed`: by key, the fields that were changed, in the order in which they were, and each as a key of its own.
local known, changed = {}, {}

local function partOf(of, name)
  local part = of[name]
  if not part then
    part = {}
    of[name] = part
  end
  return part
end

-- Reads these fields, or the scores of these members, all at once.
local function fetch(name, fields)
  local values, missing = partOf(known, name), {}
  for _, field in ipairs(fields) do
    if values[field] == nil then
      missing[#missing + 1], values[field] = field, false
    end
  end
  for from = 1, #missing, MOST do
    local to = math.min(from + MOST - 1, #missing)
    local found = redis.call(SORTED[name] and 'ZMSCORE' or 'HMGET', key(name), unpack(missing, from, to))
    for at = from, to do values[missing[at]] = found[at - from + 1] end
  end
end

-- The value of a field, or the score of a member; false: there is none.
local function get(name, field)
  local values = partOf(known, name)
  local value = values[field]
  if value == nil then
    value = redis.call(SORTED[name] and 'ZSCORE' or 'HGET', key(name), field)
    values[field] = value
  end
  return value
end

-- false: removes it.
local function set(name, field, value)
  partOf(known, name)[field] = value
  local fields = partOf(changed, name)
  if not fields[field] then
    fields[#fields + 1] = field
    fields[field] = true
  end
end

local function send(command, name, arguments)
  for from = 1, #arguments, MOST do
    redis.call(command, key(name), unpack(arguments, from, math.min(from + MOST - 1, #arguments)))
  end
end

-- Writes what was changed. Answers its argument, so that a script can end with it.
local function flush(reply)
  for name, fields in pairs(changed) do
    local values, kept, removed = known[name], {}, {}
    for _, field in ipairs(fields) do
      local value = values[field]
      if not value then
        removed[#removed + 1] = field
      else
        kept[#kept + 1] = SORTED[name] and value or field
        kept[#kept + 1] = SORTED[name] and field or value
      end
    end
    send(SORTED[name] and 'ZADD' or 'HSET', name, kept)
    send(SORTED[name] and 'ZREM' or 'HDEL', name, removed)
  end
  changed = {}
  return reply
end

-- Forgets what was read of a key: it is to be changed by other means. What was changed is written first.
local function forget(name)
  flush()
  known[name] = nil
end
