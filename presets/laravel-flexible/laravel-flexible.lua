-- Follows src/Illuminate/Cache/Repository.php of Laravel 13.26: flexible, forget; RedisStore.php:
-- many is MGET, putMany is MULTI of two SETEX; RedisLock.php: SETNX, or SET EX NX if it has seconds;
-- released by a script that compares.
-- The time of creation is a token here: it is compared for equality, and its "soft" is ttl[0].

local CREATED = "illuminate:cache:flexible:created:"
local LOCK = "illuminate:cache:flexible:lock:"

local function compute(key)
  local value = db.read(key)
  if not value then return nil end
  local now = unique()
  -- The race: forget() deletes the value only. Neither the lock nor the time of creation shows it.
  cache.multi(function(c)
    c.set(key, value, { ttl = settings.stale_until })
    c.set(CREATED .. key, now, { soft = settings.fresh_for, ttl = settings.stale_until })
  end)
  return value
end

local function refresh(key, created)
  local owner = unique()
  -- Without lock: ['seconds' => ...] the lock has no TTL. A process that dies here leaves it for good,
  -- and this key is never refreshed in the background again.
  if not cache.set(LOCK .. key, owner, { nx = true, ttl = settings.lock_seconds }) then return end
  pcall(function()
    if cache.get(CREATED .. key) == created then compute(key) end
  end)
  cache.atomic(function(c)
    if c.get(LOCK .. key) == owner then c.del(LOCK .. key) end
  end)
end

function read(key)  -- Cache::flexible($key, [$fresh, $stale], $callback)
  local value, created, age
  cache.atomic(function(c)  -- MGET
    value = c.get(key)
    created, age = c.get(CREATED .. key)
  end)
  if not value or not created then return compute(key) end
  if age == "soft" then
    spawn(function() refresh(key, created) end)  -- defer(): after the response has been sent
  end
  return value
end

function write(key)
  db.write(key)
  cache.del(key)  -- Cache::forget($key)
end
