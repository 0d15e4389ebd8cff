-- How scripts read BullMQ's queues: only this part names BullMQ's keys. A key of another type than BullMQ gives it counts as missing.

-- The most deliveries at the front of a queue, and the most priorities, that are searched for the oldest delivery.
local AHEAD = 21
local PRIORITIES = 16

local function queueKey(executor, part) return key('q:') .. executor .. ':' .. part end

local function ofQueue(executor, part, command, ...)
  local found = redis.pcall(command, queueKey(executor, part), ...)
  return (type(found) ~= 'table' or not found.err) and found or nil
end

-- Whether a queue has a delivery, or a worker has taken it from there.
local function isQueued(executor, delivery)
  local job = queueKey(executor, delivery)
  return redis.call('EXISTS', job) == 1 and not redis.call('HGET', job, 'finishedOn')
end

-- Global concurrency, rate limit and its ms: nil for each that is not set.
local function queueLimitsOf(executor)
  return unpack(ofQueue(executor, 'meta', 'HMGET', 'concurrency', 'max', 'duration') or {})
end

-- For how many more ms a rate limit lets nothing pass.
local function shutFor(executor, max)
  local isUsedUp = max and (tonumber(ofQueue(executor, 'limiter', 'GET') or 0) or 0) >= tonumber(max)
  return isUsedUp and math.max(0, ofQueue(executor, 'limiter', 'PTTL') or 0) or 0
end

local function waitingIn(executor)
  return (ofQueue(executor, 'wait', 'LLEN') or 0) + (ofQueue(executor, 'prioritized', 'ZCARD') or 0)
end

local function takenFrom(executor) return ofQueue(executor, 'active', 'LLEN') or 0 end

-- When the oldest waiting delivery was queued. At priority 0, the last delivery of the list is taken first: it is the oldest, except that a
-- few may have gone ahead of it. At each other priority, the first delivery is the oldest.
local function oldestOf(executor)
  local oldest
  local function look(id)
    local at = id and tonumber(ofQueue(executor, id, 'HGET', 'timestamp') or nil)
    if at and at < (oldest or at + 1) then oldest = at end
  end
  for _, id in ipairs(ofQueue(executor, 'wait', 'LRANGE', -AHEAD, -1) or {}) do look(id) end
  local from = '-inf'
  for _ = 1, PRIORITIES do
    local id, score = unpack(ofQueue(executor, 'prioritized', 'ZRANGE', from, '+inf', 'BYSCORE', 'LIMIT', 0, 1, 'WITHSCORES') or {})
    if not id then break end
    look(id)
    from = string.format('%.0f', (math.floor(score / 4294967296) + 1) * 4294967296)
  end
  return oldest
end
