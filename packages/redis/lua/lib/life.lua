-- The life of a run: one function for each transition of core/src/run/life-table.ts. The caller decides whether a transition takes place.
-- Only these functions write the keys of a run: runs, bodies, outbox, leases, progress, waiting, instances, live:<job>.

local PARTS = { 'runs', 'bodies', 'leases', 'outbox', 'progress' }

-- The key of a job's live runs, by when they were admitted. Only jobs whose overlap needs them have it.
local function liveKey(job) return ownKey('live:' .. job, 'zset') end

-- Counts the live runs of all jobs again, from the ledger. The job of a run that a newer release wrote is not known here: as long as there is
-- such a run, no count is lowered.
local function recount()
  forget('instances')
  local owed, before = redis.call('HGETALL', key('runs')), {}
  for i = 2, #owed, 2 do
    if isNewer(owed[i]) then
      before = redis.call('HGETALL', key('instances'))
      break
    end
  end
  redis.call('DEL', key('instances'))
  for i = 1, #owed, 2 do
    local run = decode(owed[i + 1])
    if run and run.job ~= '' and not isWaiting(owed[i], run) then
      set('instances', run.job, (get('instances', run.job) or 0) + 1)
    end
  end
  for i = 1, #before, 2 do
    local count = isCount(before[i + 1]) and tonumber(before[i + 1]) or 0
    if count > (get('instances', before[i]) or 0) then set('instances', before[i], count) end
  end
end

local function liveRuns(job)
  local count = get('instances', job) or 0
  if isCount(count) then return tonumber(count) end
  setAside('instances:' .. job, { why = 'it is not a count', raw = count })
  recount()
  return tonumber(get('instances', job) or 0)
end

-- From no run to waiting.
local function wait(id, run, body)
  run.delivery = '-'
  set('runs', id, encode(run))
  set('bodies', id, body)
  set('waiting', run.job, id)
end

-- Gives a run an instance, and puts it into the outbox, due at `from`. The entry in the outbox saves the run if its leader dies before a
-- queue has it: the script of the claim has written the entry (here, or in `admitAll`), each leader reads the outbox (outbox.lua), and the
-- entry stays there until a queue (`queued`) or a worker (`start`) has the run.
local function enterOutbox(id, job, overlap, state, from)
  if job ~= '' then
    set('instances', job, liveRuns(job) + 1)
    if overlap ~= 'skip' then redis.call('ZADD', liveKey(job), now, id) end
  end
  set('runs', id, state)
  set('outbox', id, from)
end

-- From no run to the outbox. From here on, the run is owed.
local function admit(id, job, overlap, state, from, body)
  set('bodies', id, body)
  enterOutbox(id, job, overlap, state, from)
end

-- The same for several runs of a claim, with outbox and instance as in `enterOutbox`. `states`, `bodies` and `jobs` are the places in ARGV at
-- which the columns begin: pairs of run and state, pairs of run and body, and jobs. None of these jobs has a live run.
local function admitAll(states, bodies, jobs, count, from)
  local outbox, instances = {}, {}
  for at = 1, count do
    local pair = 2 * at
    outbox[pair - 1], outbox[pair] = from, ARGV[states + pair - 2]
    instances[pair - 1], instances[pair] = ARGV[jobs + at - 1], '1'
  end
  setSlice('runs', ARGV, states, states + 2 * count - 1)
  setSlice('bodies', ARGV, bodies, bodies + 2 * count - 1)
  setSlice('outbox', outbox, 1, 2 * count)
  setSlice('instances', instances, 1, 2 * count)
end

-- From waiting to the outbox.
local function promote(id, run, from)
  set('waiting', run.job, false)
  enterOutbox(id, run.job, run.overlap, encode(run), from)
end

-- In the outbox: sets the delivery under which the run goes to its queue.
local function assign(id, run, delivery)
  run.delivery = delivery
  set('runs', id, encode(run))
end

-- From the outbox to queued.
local function queued(id) set('outbox', id, false) end

-- From the outbox, queued, or started by another worker, to started. Returns the new state.
local function start(id, run, token, leaseEnd)
  run.token, run.starts = token, run.starts + 1
  local state = encode(run)
  set('runs', id, state)
  set('leases', id, leaseEnd)
  set('outbox', id, false)
  return state
end

-- The same for several runs. `ids`: where their column begins in ARGV. `states`: pairs of run and new state.
local function startAll(ids, states, count, leaseEnd)
  local leases = {}
  for at = 1, count do leases[2 * at - 1], leases[2 * at] = leaseEnd, ARGV[ids + at - 1] end
  setSlice('runs', states, 1, 2 * count)
  setSlice('leases', leases, 1, 2 * count)
  removeSlice('outbox', ARGV, ids, ids + count - 1)
end

-- While started: renews the lease.
local function renew(id, leaseEnd) set('leases', id, leaseEnd) end

-- While started: stores the progress.
local function setProgress(id, json) set('progress', id, json) end

-- While started: one fire time is settled, and the next one is executed.
local function advance(id, run)
  run.done, run.starts, run.losses, run.tries = run.done + 1, 1, 0, 0
  set('runs', id, encode(run))
end

-- While started: marks the run as to be cancelled.
local function flag(id, run)
  run.cancel = 'c'
  set('runs', id, encode(run))
end

-- From the outbox, queued or started, back to the outbox, due at `from`. No worker has the run after that.
local function putBack(id, run, from)
  run.delivery, run.token = '-', '-'
  set('runs', id, encode(run))
  set('leases', id, false)
  set('outbox', id, from)
end

-- From started to the outbox: the execution is to be tried again.
local function retry(id, run, from)
  run.tries, run.losses = run.tries + 1, 0
  set('progress', id, false)
  putBack(id, run, from)
end

-- From any state to ended: the run is in no key of the ledger. Its instance is not given back.
local function drop(id)
  for _, name in ipairs(PARTS) do set(name, id, false) end
end

-- From the outbox, queued or started, to ended. The instance is free.
local function finish(id, run)
  local job = run.job
  local live = job ~= '' and liveRuns(job)
  drop(id)
  if not live then return end
  if run.overlap ~= 'skip' then redis.call('ZREM', liveKey(job), id) end
  set('instances', job, live > 1 and live - 1)
end

-- The same for several runs. `ids` and `jobs`: where the columns of runs and of their jobs begin in ARGV. No job has another live run.
local function finishAll(ids, jobs, count)
  for _, name in ipairs(PARTS) do removeSlice(name, ARGV, ids, ids + count - 1) end
  removeSlice('instances', ARGV, jobs, jobs + count - 1)
end

-- From waiting to ended. The run never had an instance.
local function withdraw(id, run)
  set('waiting', run.job, false)
  drop(id)
end

-- The functions below repair what another program wrote, or what was lost.

-- Removes the id of a job's waiting run: that run does not wait.
local function unwait(job) set('waiting', job, false) end

-- Puts a waiting run that cannot be read where the leader finds it.
local function expose(id, job)
  set('waiting', job, false)
  set('outbox', id, now)
end

-- Removes a run from the live runs of a job. When it was quarantined, its record did not show its job.
local function unlist(id, job) redis.call('ZREM', liveKey(job), id) end

-- Removes the lease of a run that no worker has.
local function unlease(id) set('leases', id, false) end

-- Takes a run that is nowhere out of the ledger, so that the run can enter again.
local function removeState(id) set('runs', id, false) end
