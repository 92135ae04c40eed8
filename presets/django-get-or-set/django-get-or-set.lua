-- Follows django/core/cache/backends/base.py of Django 5.0: get_or_set, and
-- django/core/cache/backends/redis.py: add is SET NX EX, delete is DEL.
-- A view calls cache.get_or_set(key, load, timeout). The delete sits in a post_save handler, or in
-- transaction.on_commit. (Django caches None as well; rows that do not exist are left out here.)

function read(key)
  local value = cache.get(key)
  if value then return value end
  local default = db.read(key)
  if not default then return nil end
  -- The race: add refuses only while another value is there. After a delete there is none.
  cache.set(key, default, { nx = true, ttl = settings.timeout })
  return cache.get(key) or default
end

function write(key)
  if settings.delete == "after save" then  -- autocommit: each statement is a transaction
    db.read(key)                           -- user = User.objects.get(pk=7)
    db.write(key)                          -- user.save()
    cache.del(key)
    return
  end
  db.transaction(function(tx)  -- with transaction.atomic(), or ATOMIC_REQUESTS
    tx.read(key)
    tx.write(key)
    -- The second race: nobody else sees the new row yet, so a reader puts the old one back.
    if settings.delete == "in post_save" then cache.del(key) end
  end)
  if settings.delete == "on_commit" then cache.del(key) end
end
