#!lua flags=no-writes
-- Finds the runs of a job, or all runs, that are owed, in a part of the ledger.
-- USES  store, foreign, record
-- ARGV  now or '', job id ('': of all), cursor of HSCAN
-- Returns  the next cursor, then run ids
local next, batch = unpack(redis.call('HSCAN', key('runs'), ARGV[3], 'COUNT', 1000))
local reply = { next }
-- A run is of this job only if these are in its state: to look for them costs less than to read it.
local mark = ' ' .. ARGV[2] .. '\n'
for i = 1, #batch, 2 do
  local run = (ARGV[2] == '' or batch[i + 1]:find(mark, 1, true)) and decode(batch[i + 1])
  if run and (ARGV[2] == '' or run.job == ARGV[2]) then reply[#reply + 1] = batch[i] end
end
return reply
