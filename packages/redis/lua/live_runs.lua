#!lua flags=no-writes
-- Finds the owed runs in a part of the ledger: those of one job, or all.
-- USES  store, foreign, record
-- ARGV  now or '', job id ('': all runs), cursor of HSCAN
-- Returns  the next cursor, then run ids
local next, batch = unpack(redis.call('HSCAN', key('runs'), ARGV[3], 'COUNT', 1000))
local reply = { next }
-- The state of each run of this job contains this text. To search for it costs less than to parse the state.
local mark = ' ' .. ARGV[2] .. '\n'
for i = 1, #batch, 2 do
  local run = (ARGV[2] == '' or batch[i + 1]:find(mark, 1, true)) and decode(batch[i + 1])
  if run and (ARGV[2] == '' or run.job == ARGV[2]) then reply[#reply + 1] = batch[i] end
end
return reply
