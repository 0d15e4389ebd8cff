#!lua flags=no-writes
-- Reads runs and their outcomes.
-- USES  store, commands, page, foreign, record, run
-- ARGV  now or '', then run ids
-- Returns  for each: state (nil: not owed), body (nil: none), 'waiting', 'scheduled', 'queued', 'running' or 'retrying', the instant before
--          which it is not delivered (nil: none), progress (nil: none), outcomes ('': none), the id of the run in which it was run again (nil: none)
local ids, reply = { unpack(ARGV, 2) }, {}
for _, name in ipairs({ 'runs', 'bodies', 'outbox', 'progress' }) do fetch(name, ids) end
for _, id in ipairs(ids) do
  local record = get('runs', id)
  local run = decode(record)
  local out = tonumber(get('outbox', id) or nil)
  local state = run and stateOf(id, run, out) or 'queued'
  reply[#reply + 1] = record
  reply[#reply + 1] = get('bodies', id)
  reply[#reply + 1] = state
  reply[#reply + 1] = (state == 'retrying' or state == 'scheduled') and out
  reply[#reply + 1] = get('progress', id)
  local outcomes = redis.pcall('GET', key('result:') .. id)
  reply[#reply + 1] = type(outcomes) == 'string' and outcomes or ''
  local again = not record and redis.pcall('GET', key('retried:') .. id)
  reply[#reply + 1] = type(again) == 'string' and again
end
return reply
