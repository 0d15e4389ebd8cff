#!lua flags=allow-oom
-- Settles a run that its queue refuses, once for each fire time that is left: as cancelled if the run is to be cancelled, else as an error.
-- Leaves a run alone that was started anyway: its queue had it.
-- USES  store, types, commands, page, foreign, aside, counters, bounded, publish, record, run, life, account, outcome, instances
-- ARGV  now or '', epoch, run id, delivery id, JSON of the error
-- Returns  'over' or 'done'
if redis.call('GET', key('epoch')) ~= ARGV[2] then return 'over' end
local id, delivery, why = ARGV[3], ARGV[4], ARGV[5]
local run = read(id)
if not run or run.delivery ~= delivery or run.token ~= '-' then return 'done' end

if run.cancel == 'c' then
  settleRest(id, run, run.done, 'cancelled', '')
else
  settleRest(id, run, run.done, 'error', ',"error":' .. why)
end
conclude(id, run)
return flush('done')
