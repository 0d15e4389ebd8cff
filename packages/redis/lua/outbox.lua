#!lua flags=no-writes
-- Reads a page of the due runs in the outbox, those that have waited longest first. lib/life.lua (`enterOutbox`, `admitAll`) put them there,
-- under any leader. Each step of a leader dispatches one such page, so the next leader dispatches what a dead one left. Runs that a newer
-- release wrote do not count towards the limit: they hide no other run.
-- USES  store, commands, page, foreign, record, run
-- ARGV  now or '', limit
-- Returns  for each run: id, executor and priority; '' and '' if its state cannot be read, '' and 'newer' if a newer release wrote it
local MOST_NEWER = 100
local limit, looked, count, newer, reply = tonumber(ARGV[2]), 0, 0, 0, {}
local function add(id)
  local isOfNewer = isNewer(get('runs', id))
  if isOfNewer then newer = newer + 1 else count = count + 1 end
  if isOfNewer and newer > MOST_NEWER then return end
  local run = not isOfNewer and isText(id) and read(id)
  reply[#reply + 1] = sentId(id)
  reply[#reply + 1] = run and run.executor or ''
  reply[#reply + 1] = run and run.priority or isOfNewer and 'newer' or ''
end
local page
repeat
  page = redis.call('ZRANGE', key('outbox'), '-inf', now, 'BYSCORE', 'LIMIT', looked, limit - count)
  fetch('runs', page)
  for _, id in ipairs(page) do add(id) end
  looked = looked + #page
until #page == 0 or count >= limit
local beyond = beyondTime('outbox')
for i = 1, #beyond, 2 do add(beyond[i]) end
return reply
