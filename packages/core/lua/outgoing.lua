#!lua flags=no-writes
-- Reads a page of the runs in the outbox whose time has come, those first that have waited longest.
-- USES  store, page, foreign, record, run
-- ARGV  now or '', limit
-- Returns  for each run: id, executor and priority, the last two '' if its state cannot be read
local ids = redis.call('ZRANGE', key('outbox'), '-inf', now, 'BYSCORE', 'LIMIT', 0, ARGV[2])
local beyond = beyondTime('outbox')
for i = 1, #beyond, 2 do ids[#ids + 1] = beyond[i] end
fetch('runs', ids)

local reply = {}
for _, id in ipairs(ids) do
  local run = isText(id) and read(id)
  reply[#reply + 1] = told(id)
  reply[#reply + 1] = run and run.executor or ''
  reply[#reply + 1] = run and run.priority or ''
end
return reply
