-- Follows org.springframework.cache.interceptor.CacheAspectSupport of Spring Framework 6.1,
-- TransactionAwareCacheDecorator, and DefaultRedisCacheWriter of Spring Data Redis 3.5 and 4.0,
-- non-locking: @Cacheable is GET, the method, SET PX; @CacheEvict is the method, DEL. sync = true sends
-- the same commands, and waits for them. (Null is cached as well; rows that do not exist are left out here.)

-- Since 4.0, with Lettuce and without immediateWrites(), nobody waits for a put or an evict.
local function send(command)
  if settings.immediate_writes then command() else spawn(command) end
end

function read(key)  -- @Cacheable User find(String key)
  local value = cache.get(key)
  if value then return value end
  value = db.read(key)
  -- The race: a @CacheEvict that comes here deletes nothing.
  if value then
    send(function() cache.set(key, value, { ttl = settings.time_to_live }) end)
  end
  return value
end

function write(key)  -- a @Transactional method that calls @CacheEvict void save(User user)
  local function evict() cache.del(key) end
  db.transaction(function(tx)
    tx.write(key)
    -- The second race: evicted, but not committed yet.
    if not settings.transaction_aware then send(evict) end
  end)
  if settings.transaction_aware then send(evict) end
end
