-- How fields of a hash, and members of a sorted set, are written: as many as there are with one command. What `page` reads and changes goes
-- this way, and whole columns of arguments, too.

local SORTED = { schedule = true, held = true, leases = true, outbox = true }
-- Arguments that Lua passes in one call.
local MOST_ARGUMENTS = 1000

-- Redis keeps a small hash, or sorted set, as a list, which it searches from its start for each field of a page. A value, or a member,
-- beyond 64 bytes makes a table of it for good: the first field of a page with this many arguments has one for as long as the page is
-- written, or a member of as many blanks is there, which is the id of no run.
local MANY_ARGUMENTS = 32
local LONG_VALUE = (' '):rep(65)
local OF_RUNS = { leases = true, outbox = true }
-- A set of that size is not a list.
local MOST_LISTED = 128

-- Gives a command what stands in a list from one place to another.
local function send(command, name, list, from, to)
  for at = from, to, MOST_ARGUMENTS do
    redis.call(command, key(name), unpack(list, at, math.min(at + MOST_ARGUMENTS - 1, to)))
  end
end

-- Sets fields, or the scores of members: pairs, as their command takes them.
local function write(name, list, from, to)
  local command, size, isMany = SORTED[name] and 'ZADD' or 'HSET', sizes[name], to - from + 1 >= MANY_ARGUMENTS
  local isListed = isMany and OF_RUNS[name] and size and size < MOST_LISTED
  if to >= from then sizes[name] = nil end
  if isListed then redis.call('ZADD', key(name), 0, LONG_VALUE) end
  if isMany and command == 'HSET' then redis.call(command, key(name), list[from], LONG_VALUE) end
  send(command, name, list, from, to)
  if isListed then redis.call('ZREM', key(name), LONG_VALUE) end
end

-- Removes fields, or members, of which nothing else of the page is a change.
local function removeSlice(name, list, from, to)
  if sizes[name] ~= 0 then send(SORTED[name] and 'ZREM' or 'HDEL', name, list, from, to) end
end
