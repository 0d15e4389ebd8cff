#!lua
-- Names, in the ledger, the delivery of each run that is due and still in the outbox. The run stays in the outbox until it is queued.
-- USES  store, types, commands, page, foreign, aside, counters, record, run, life
-- ARGV  now or '', epoch, then for each run: id, delivery id
-- Returns  'over', or the ids of the runs whose deliveries were named
if redis.call('GET', key('epoch')) ~= ARGV[2] then return 'over' end

local ids, reply = {}, {}
for i = 3, #ARGV, 2 do ids[#ids + 1] = ARGV[i] end
for _, name in ipairs({ 'runs', 'outbox' }) do fetch(name, ids) end
for i, id in ipairs(ids) do
  local state = get('runs', id)
  local run = state and headOf(state)
  local from = tonumber(get('outbox', id) or nil)
  if run and from and (from <= now or from > LAST_INSTANT) then
    assign(id, run, ARGV[2 * i + 2])
    reply[#reply + 1] = id
  end
end
return flush(reply)
