-- Takes a run into the ledger, or does with it what its job's overlap says.

-- Cancels the oldest live run of a job, unless one is being cancelled already.
local function replaceOldest(job)
  local oldest
  for _, id in ipairs(redis.call('ZRANGE', liveKey(job), 0, -1)) do
    local run = read(id)
    if run and run.cancel == 'c' then return end
    oldest = oldest or (run and { id = id, run = run })
    if not run and not isNewer(get('runs', id)) then unlist(id, job) end
  end
  if oldest then cancel(oldest.id, oldest.run, '') end
end

-- A run that waits gives way to a newer one. Its end is kept for an hour at most: there may be many of them.
local function supersede(job)
  local id = get('waiting', job)
  local run = id and read(id)
  if not run then return end
  publishKept(id, run, 'job_max_instances', run.label .. ',' .. run.submission)
  noteFires(run, 'i', 0)
  if run.history ~= '-' then redis.call('PEXPIRE', key('result:') .. id, 3600000, 'LT') end
  withdraw(id, run)
end

-- One that waits is delivered later. Returns 'submitted', 'waiting' or 'max_instances'.
local function enter(id, run, body)
  if run.job ~= '' then admitWaiting(run.job) end
  if hasRoom(run) then
    admit(id, run.job, run.overlap, encode(run), notBefore(run), body)
    publishSubmitted(run)
    return 'submitted'
  end
  if run.overlap == 'skip' then
    publish('job_max_instances', run.label .. ',' .. run.submission)
    noteFires(run, 'i', 0)
    return 'max_instances'
  end
  supersede(run.job)
  wait(id, run, body)
  if run.overlap == 'replace' then replaceOldest(run.job) end
  return 'waiting'
end
