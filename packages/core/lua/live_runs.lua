#!lua flags=no-writes
-- Finds the runs of a job, or all runs, that are owed, in a part of the ledger.
-- USES  store, foreign, record
-- ARGV  now or '', job id ('': of all), cursor of HSCAN
-- Returns  the next cursor, then run ids
local next, batch = unpack(redis.call('HSCAN', key('runs'), ARGV[3], 'COUNT', 1000))
local reply = { next }
for i = 1, #batch, 2 do
  local run = decode(batch[i + 1])
  if run and (ARGV[2] == '' or run.job == ARGV[2]) then reply[#reply + 1] = batch[i] end
end
return reply
