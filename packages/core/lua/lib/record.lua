-- The state of a run in the ledger, as src/run/record.ts has it. What a table of it holds are strings.
local STATE = '^1 (%x+) ()(%S+) (%S+) (%d+) (%d+) (%d+) (%d+) ([-c])()\n(%S+) (%d+) (%l+) (%S+) (%d+) (%S+) (%S+) ([^\n]*)'
  .. '\n([^\n]*)\n([^\n]*)$'

local function sumOf(text) return redis.sha1hex(text):sub(1, 8) end

-- The job of a state; '' of none.
local function jobOf(text) return text and text:match('^[^\n]*\n%S+ %d+ %l+ %S+ %d+ %S+ %S+ ([^\n]*)') or '' end

-- nil, where it cannot be read. Its sum says that it is as it was written: nothing else of it is checked.
local function decode(text)
  if not text then return nil end
  local sum, from, delivery, token, starts, losses, tries, done, cancel, fixedAt, grace, max, overlap, executor, priority,
    history, fires, job, label, submission = text:match(STATE)
  if not sum or sumOf(text:sub(from)) ~= sum then return nil end
  return { delivery = delivery, token = token, starts = starts, losses = losses, tries = tries, done = done,
    cancel = cancel, grace = grace, max = max, overlap = overlap, executor = executor, priority = priority,
    history = history, fires = fires, job = job, label = label, submission = submission, fixed = text:sub(fixedAt) }
end

-- Only what stands before the policy ever changes.
local function encode(run)
  local text = table.concat({ run.delivery, run.token, run.starts, run.losses, run.tries, run.done, run.cancel }, ' ')
    .. run.fixed
  return '1 ' .. sumOf(text) .. ' ' .. text
end
