#!lua flags=allow-oom
-- Gives back unfinished runs, to be delivered again after a delay. A run that is to be cancelled is delivered again without a delay.
-- USES  store, types, commands, page, foreign, aside, counters, record, run, life
-- ARGV  now or '', delay in ms, then for each run: id, and its token or, if it was not started, its delivery id
for i = 3, #ARGV, 2 do
  local id, holder = ARGV[i], ARGV[i + 1]
  local run = read(id)
  if run and (run.token == holder or (run.token == '-' and run.delivery == holder)) then
    local from = run.cancel == 'c' and now or now + ARGV[2]
    putBack(id, run, from)
    redis.call('PUBLISH', channel('wakeup'), from)
  end
end
flush()
