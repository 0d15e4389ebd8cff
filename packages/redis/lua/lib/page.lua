-- The hashes and sorted sets of the store, as far as a script needs them. Each value is read once, and `fetch` reads many at a time. Changes
-- are kept until `flush` writes them, all changes of a key together. A script that reads or changes a value here must not do so in another
-- way, because that would not be seen here.

-- By key. `values`: the known values of its fields. `changed`: the changed fields, as a list of `count` in the order of their changes, and
-- each as a key of its own.
local parts = {}

local function partOf(name)
  local part = parts[name]
  if not part then
    part = { values = {}, changed = {}, count = 0 }
    parts[name] = part
  end
  return part
end

-- Reads these fields, or the scores of these members, all at once. Notes nothing if the key is known to be empty.
local function fetch(name, fields)
  if sizes[name] == 0 then return end
  local values, missing, count = partOf(name).values, fields, #fields
  if next(values) then
    missing, count = {}, 0
    for _, field in ipairs(fields) do
      if values[field] == nil then
        count = count + 1
        missing[count], values[field] = field, false
      end
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
    value = sizes[name] ~= 0 and redis.call(SORTED[name] and 'ZSCORE' or 'HGET', key(name), field)
    values[field] = value
  end
  return value
end

-- Sets a field, or the score of a member; false removes it.
local function set(name, field, value)
  local part = parts[name] or partOf(name)
  local changed = part.changed
  if not changed[field] then
    local count = part.count + 1
    part.count, changed[count], changed[field] = count, field, true
  end
  part.values[field] = value
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
  write(name, kept, 1, keptCount)
  removeSlice(name, removed, 1, removedCount)
end

-- The known values of a key, by field. All fields that were fetched are there.
local function valuesOf(name) return (parts[name] or partOf(name)).values end

-- Writes the items of a list from one place to another at once. The page may hold no other change of these fields. Redis scans a small hash
-- in the order in which its fields were added, so earlier changes are written first.
local function setSlice(name, list, from, to)
  local part = parts[name]
  if part and part.count > 0 then writePart(name, part) end
  write(name, list, from, to)
end

-- What other parts do before changes are written.
local onFlush

-- Writes all changes. Returns its argument, so that a script can end with it.
local function flush(reply)
  if onFlush then onFlush() end
  for name, part in pairs(parts) do
    if part.count > 0 then writePart(name, part) end
  end
  return reply
end

-- Forgets the values that were read of a key, which is to be changed by other means. Writes all changes first.
local function forget(name)
  flush()
  local values = valuesOf(name)
  for field in pairs(values) do values[field] = nil end
  sizes[name] = nil
end
