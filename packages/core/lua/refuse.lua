#!lua
-- Settles a run that its queue refuses as an error, once for each fire time that is left. One that was started all the
-- same is let be: its queue had it.
-- USES  store, publish, run, outcome, instances
-- ARGV  now or '', epoch, run id, delivery id, JSON of the error
-- Returns  'over' or 'done'
if redis.call('GET', key('epoch')) ~= ARGV[2] then return 'over' end
local id = ARGV[3]
local run = read(id)
if not run or run.delivery ~= ARGV[4] or run.token ~= '-' then return 'done' end

settleRest(id, run, run.done, 'error', ',"error":' .. ARGV[5])
finish(id, run)
return 'done'
