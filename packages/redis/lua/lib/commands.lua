-- Writes fields of hashes and members of sorted sets, as many as possible with one command: the changes that `page` has collected, and whole
-- columns of arguments.

local SORTED = { schedule = true, held = true, leases = true, outbox = true }
-- The most arguments that Lua passes in one call.
local MOST_ARGUMENTS = 1000

-- Redis stores a small hash or sorted set as a list, and searches it from its start for each field of a page. One value or member of more
-- than 64 bytes turns the list into a table for good. So for a page with this many arguments, the first field has such a value while the page
-- is written, or a sorted set has a member of 65 blanks for a moment, which is not the id of a run.
local MANY_ARGUMENTS = 32
local LONG_VALUE = (' '):rep(65)
local OF_RUNS = { leases = true, outbox = true }
-- A sorted set of this size is not stored as a list.
local MOST_LISTED = 128

-- Calls a command with the items of a list from one place to another.
local function send(command, name, list, from, to)
  for at = from, to, MOST_ARGUMENTS do
    redis.call(command, key(name), unpack(list, at, math.min(at + MOST_ARGUMENTS - 1, to)))
  end
end

-- Sets fields, or the scores of members. The list has pairs, in the order that the command takes.
local function write(name, list, from, to)
  local command, size, isMany = SORTED[name] and 'ZADD' or 'HSET', sizes[name], to - from + 1 >= MANY_ARGUMENTS
  local isListed = isMany and OF_RUNS[name] and size and size < MOST_LISTED
  if to >= from then sizes[name] = nil end
  if isListed then redis.call('ZADD', key(name), 0, LONG_VALUE) end
  if isMany and command == 'HSET' then redis.call(command, key(name), list[from], LONG_VALUE) end
  send(command, name, list, from, to)
  if isListed then redis.call('ZREM', key(name), LONG_VALUE) end
end

-- Removes fields or members that have no other change in the page.
local function removeSlice(name, list, from, to)
  if sizes[name] ~= 0 then send(SORTED[name] and 'ZREM' or 'HDEL', name, list, from, to) end
end
