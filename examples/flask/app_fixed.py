"""A user's profile behind a cache that refuses a value read before the latest write.

Each write raises the user's generation. A reader stores what it has read only if the generation
is still the one that it saw before it asked the database.
"""
import json
import os
from contextlib import contextmanager

import redis
from flask import Flask, abort, request
from psycopg2.pool import ThreadedConnectionPool

app = Flask(__name__)
cache = redis.Redis.from_url(os.environ["REDIS_URL"])
pool = ThreadedConnectionPool(1, 10, os.environ["DATABASE_URL"])


STORE_IF_UNCHANGED = """
if (redis.call('GET', KEYS[2]) or '0') == ARGV[2] then
  redis.call('SET', KEYS[1], ARGV[1])
end
"""
INVALIDATE = """
redis.call('INCR', KEYS[2])
redis.call('DEL', KEYS[1])
"""


@contextmanager
def database():
    connection = pool.getconn()
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            yield cursor
    finally:
        pool.putconn(connection)


@app.get("/health")
def health():
    return "ok"


@app.get("/users/<int:user_id>")
def read_user(user_id):
    key, generation_key = f"user:{user_id}", f"gen:{user_id}"
    cached, generation = cache.mget(key, generation_key)
    if cached is not None:
        return json.loads(cached)
    with database() as cursor:
        cursor.execute("SELECT id, name FROM users WHERE id = %s", (user_id,))
        row = cursor.fetchone()
    if row is None:
        abort(404)
    user = {"id": row[0], "name": row[1]}
    cache.eval(STORE_IF_UNCHANGED, 2, key, generation_key, json.dumps(user), generation or "0")
    return user


@app.put("/users/<int:user_id>")
def write_user(user_id):
    name = request.get_json()["name"]
    with database() as cursor:
        cursor.execute("UPDATE users SET name = %s WHERE id = %s", (name, user_id))
    cache.eval(INVALIDATE, 2, f"user:{user_id}", f"gen:{user_id}")
    return "", 204


if __name__ == "__main__":
    app.run(port=int(os.environ["PORT"]), threaded=True)
