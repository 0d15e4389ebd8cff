-- Lists of entries of accounts, oldest first, bounded in number and age. A list that has dropped entries begins with `f` and the instant at
-- which the newest dropped entry was written.

local MOST_ENTRIES = 1000
local MOST_OF_STORE = 10000
-- 90 days.
local LONGEST_MS = 7776000000
-- At most this many entries are dropped at once. Later writes drop the others.
local AT_ONCE = 100
-- A list that is not too long is searched for entries that are too old only if its length is a multiple of this.
local OLD_EACH = 8

-- Whether any limits were set. Usually none were, and the limits of jobs need not be read.
local isLimited
local function hasLimits()
  if isLimited == nil then isLimited = redis.call('EXISTS', key('accounts:limits')) == 1 end
  return isLimited
end

-- Sets the limits of the account of a job, or ('') of all jobs without limits of their own: entries and age in ms. nil: removes them.
local function setLimits(job, limits)
  if limits then
    redis.call('HSET', ownKey('accounts:limits', 'hash'), job, limits)
    isLimited = true
  elseif hasLimits() then
    redis.pcall('HDEL', key('accounts:limits'), job)
  end
end

-- The limits that a job's record has at the beginning of its JSON. Only the request for metrics can come before them.
local function limitsSaid(record)
  local json = record:match('^%d+ %d+ [!-~]+ {()')
  local from = json and record:match('^"metrics":true,()', json) or json
  local entries, age = record:match('^"account":{"entries":(%d+),"ageMs":(%d+)}', from or 1)
  return entries and entries .. ' ' .. age
end

-- The limits of the account of a job, or ('') of jobs without limits of their own: how many entries, and how long they are kept, in ms.
local function accountLimitsOf(job)
  if not hasLimits() then return MOST_ENTRIES, LONGEST_MS end
  local found = redis.pcall('HMGET', key('accounts:limits'), job, '')
  local said = found.err and '' or found[1] or found[2] or ''
  local entries, age = said:match('^(%d+) (%d+)$')
  -- At least two: the mark of what was dropped, and an entry.
  return math.max(2, tonumber(entries or MOST_ENTRIES)), tonumber(age or LONGEST_MS)
end

-- Since when the account of a job, or ('') of the store, is complete, except for what its list has dropped: since then, all members have
-- written it, and no entry is too old. false: not all members write it.
local function since(job)
  local from = redis.pcall('GET', key('accounts:from'))
  if type(from) ~= 'string' or not tonumber(from) then return false end
  local _, age = accountLimitsOf(job)
  return string.format('%.0f', math.max(tonumber(from), now - age))
end

-- When an entry was written, or an event published.
local function writtenAt(entry) return tonumber(entry:match('^%l(%d+)') or entry:match('"at":(%d+)') or 0) end

local function dropOldest(name, length, most, age)
  if length <= most and length % OLD_EACH ~= 0 then return end
  local first = redis.call('LINDEX', name, 0)
  local isMarked = first:sub(1, 1) == 'f'
  local begin = isMarked and 1 or 0
  -- The entries before this place are dropped.
  local to = length > most and math.min(length - most + 1, begin + AT_ONCE) or begin
  while to < math.min(length - 1, begin + AT_ONCE) do
    if writtenAt(redis.call('LINDEX', name, to)) >= now - age then break end
    to = to + 1
  end
  if to <= begin then return end
  local newest = writtenAt(redis.call('LINDEX', name, to - 1))
  if isMarked then newest = math.max(newest, writtenAt(first)) end
  redis.call('LTRIM', name, to, -1)
  redis.call('LPUSH', name, 'f' .. string.format('%.0f', newest))
end

-- Appends entries to a list. Returns its key.
local function append(name, entries, most, age)
  local list = key(name)
  local length = redis.pcall('RPUSH', list, unpack(entries))
  if type(length) ~= 'number' then length = redis.call('RPUSH', ownKey(name, 'list'), unpack(entries)) end
  dropOldest(list, length, most, age)
  return list
end
