#!lua
-- Stores the progress of runs, if the worker that reports it still holds them.
-- USES  store, commands, page, foreign, aside, counters, record, run, life
-- ARGV  now or '', then for each run: id, token, JSON
for i = 2, #ARGV, 3 do
  local run = read(ARGV[i])
  if run and run.token == ARGV[i + 1] then setProgress(ARGV[i], ARGV[i + 2]) end
end
flush()
