#!lua
-- Gives runs in the outbox whose time has come a delivery id each. They stay in the outbox until they are queued.
-- USES  store, types, foreign, record, run
-- ARGV  now or '', epoch, limit, a nonce
-- Returns  'over', or for each run: id, delivery id, executor and priority, the last three '' if its record cannot be read
if redis.call('GET', key('epoch')) ~= ARGV[2] then return 'over' end

local ids = redis.call('ZRANGE', key('outbox'), '-inf', now, 'BYSCORE', 'LIMIT', 0, ARGV[3])
local beyond = beyondTime('outbox')
for i = 1, #beyond, 2 do ids[#ids + 1] = beyond[i] end

local reply = {}
for i, id in ipairs(ids) do
  local run = isText(id) and read(id)
  if run then
    run.delivery = 'd' .. ARGV[4] .. '-' .. i
    write(id, run)
  end
  reply[#reply + 1] = told(id)
  reply[#reply + 1] = run and run.delivery or ''
  reply[#reply + 1] = run and run.executor or ''
  reply[#reply + 1] = run and run.priority or ''
end
return reply
