#!lua flags=allow-oom
-- Takes runs whose deliveries are queued out of the outbox, unless the ledger names another delivery by now.
-- USES  store, commands, page, foreign, aside, counters, record, run, life
-- ARGV  now or '', epoch, then for each run: id, delivery id
-- Returns  'over' or 'done'
if redis.call('GET', key('epoch')) ~= ARGV[2] then return 'over' end

local ids = {}
for i = 3, #ARGV, 2 do ids[#ids + 1] = ARGV[i] end
fetch('runs', ids)
local runs = valuesOf('runs')
for i, id in ipairs(ids) do
  local state = runs[id]
  if not state or isOfDelivery(ARGV[2 * i + 2], state) then queued(id) end
end
return flush('done')
