-- The hashes and sorted sets of the store, as far as a script needs them. Each value is read once, and many at a time where
-- `fetch` names them; changes are kept until `flush` writes them, all those of a key together. What a script reads or changes
-- here, it touches by no other way.

local SORTED = { schedule = true, held = true, leases = true, outbox = true }
-- Arguments that Lua passes in one call.
local MOST_ARGUMENTS = 1000

-- By key. `values`: what is known of its fields; `changed`: those that were changed, in the order in which they were, `count` of
-- them, and each as a key of its own.
local parts = {}

local function partOf(name)
  local part = parts[name]
  if not part then
    part = { values = {}, changed = {}, count = 0 }
    parts[name] = part
  end
  return part
end

-- Reads these fields, or the scores of these members, all at once.
local function fetch(name, fields)
  local values, missing, count = partOf(name).values, {}, 0
  for _, field in ipairs(fields) do
    if values[field] == nil then
      count = count + 1
      missing[count], values[field] = field, false
    end
  end
  for from = 1, count, MOST_ARGUMENTS do
    local to = math.min(from + MOST_ARGUMENTS - 1, count)
    local found = redis.call(SORTED[name] and 'ZMSCORE' or 'HMGET', key(name), unpack(missing, from, to))
    for at = from, to do values[missing[at]] = found[at - from + 1] end
  end
end

-- The value of a field, or the score of a member; false: there is none.
local function get(name, field)
  local values = (parts[name] or partOf(name)).values
  local value = values[field]
  if value == nil then
    value = redis.call(SORTED[name] and 'ZSCORE' or 'HGET', key(name), field)
    values[field] = value
  end
  return value
end

-- false: removes it.
local function set(name, field, value)
  local part = parts[name] or partOf(name)
  local changed = part.changed
  if not changed[field] then
    local count = part.count + 1
    part.count, changed[count], changed[field] = count, field, true
  end
  part.values[field] = value
end

local function send(command, name, arguments, count)
  for from = 1, count, MOST_ARGUMENTS do
    redis.call(command, key(name), unpack(arguments, from, math.min(from + MOST_ARGUMENTS - 1, count)))
  end
end

local function writePart(name, part)
  local values, changed, isSorted = part.values, part.changed, SORTED[name]
  local kept, keptCount, removed, removedCount = {}, 0, {}, 0
  for at = 1, part.count do
    local field = changed[at]
    local value = values[field]
    if not value then
      removedCount = removedCount + 1
      removed[removedCount] = field
    else
      keptCount = keptCount + 2
      kept[keptCount - 1], kept[keptCount] = isSorted and value or field, isSorted and field or value
    end
  end
  part.changed, part.count = {}, 0
  send(isSorted and 'ZADD' or 'HSET', name, kept, keptCount)
  send(isSorted and 'ZREM' or 'HDEL', name, removed, removedCount)
end

-- What is known of the values of a key, by field: those that were fetched are all there.
local function valuesOf(name) return (parts[name] or partOf(name)).values end

-- A hash is scanned in the order in which its fields came to be there, as long as it is small: what was changed earlier goes first.
local function writeEarlier(name)
  local part = parts[name]
  if part and part.count > 0 then writePart(name, part) end
end

-- Sets fields, or the scores of members, at once, in pairs as their command takes them; or removes them. They are fields of which
-- nothing else of the page is a change.
local function setAll(name, pairs)
  writeEarlier(name)
  send(SORTED[name] and 'ZADD' or 'HSET', name, pairs, #pairs)
end

local function setSlice(name, from, to)
  writeEarlier(name)
  for at = from, to, MOST_ARGUMENTS do
    redis.call(SORTED[name] and 'ZADD' or 'HSET', key(name), unpack(ARGV, at, math.min(at + MOST_ARGUMENTS - 1, to)))
  end
end

local function removeSlice(name, from, to)
  for at = from, to, MOST_ARGUMENTS do
    redis.call(SORTED[name] and 'ZREM' or 'HDEL', key(name), unpack(ARGV, at, math.min(at + MOST_ARGUMENTS - 1, to)))
  end
end

-- Writes what was changed. Answers its argument, so that a script can end with it.
local function flush(reply)
  for name, part in pairs(parts) do
    if part.count > 0 then writePart(name, part) end
  end
  return reply
end

-- Forgets what was read of a key: it is to be changed by other means. What was changed is written first.
local function forget(name)
  flush()
  local values = valuesOf(name)
  for field in pairs(values) do values[field] = nil end
end
