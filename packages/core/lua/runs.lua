#!lua flags=no-writes
-- Reads runs, and what was settled of them.
-- USES  store, page, foreign, record, run
-- ARGV  now or '', then run ids
-- Returns  for each: state (nil: not owed), body,, 'waiting', 'scheduled', 'queued', 'running' or 'retrying', the instant before
--          which it is not delivered (nil: none), progress (nil: none), outcomes ('': none)
local reply = {}
for i = 2, #ARGV do
  local id = ARGV[i]
  local record = get('runs', id)
  local run = decode(record)
  local out = tonumber(get('outbox', id) or nil)
  local state = run and stateOf(id, run, out) or 'queued'
  reply[#reply + 1] = record
  reply[#reply + 1] = get('bodies', id)
  reply[#reply + 1] = state
  reply[#reply + 1] = (state == 'retrying' or state == 'scheduled') and out
  reply[#reply + 1] = redis.call('HGET', key('progress'), id)
  local outcomes = redis.pcall('GET', key('result:') .. id)
  reply[#reply + 1] = type(outcomes) == 'string' and outcomes or ''
end
return reply
