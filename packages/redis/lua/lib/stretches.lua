-- Handles a page of items in their order, counted from 0. `tryFastPath` returns the kind of an item that can be done together with others,
-- and notes its effect for later items. If it returns false, the item is done alone. Items of one kind in succession are done together.
local function inStretches(count, tryFastPath, doAll, doOne)
  local first, kind
  for at = 0, count do
    local found = at < count and tryFastPath(at)
    if first and found ~= kind then
      doAll(first, at - 1, kind)
      first = nil
    end
    if found then
      first, kind = first or at, found
    elseif at < count then
      doOne(at)
    end
  end
end
