"""A user's profile: read cache-aside, deleted from the cache after the COMMIT of its write."""
import json
import os
from contextlib import contextmanager

import redis
from flask import Flask, abort, request
from psycopg2.pool import ThreadedConnectionPool

app = Flask(__name__)
cache = redis.Redis.from_url(os.environ["REDIS_URL"])
pool = ThreadedConnectionPool(1, 10, os.environ["DATABASE_URL"])


@contextmanager
def database():
    connection = pool.getconn()
    try:
        with connection, connection.cursor() as cursor:  # one transaction
            yield cursor
    finally:
        pool.putconn(connection)


@app.get("/health")
def health():
    return "ok"


@app.get("/users/<int:user_id>")
def read_user(user_id):
    key = f"user:{user_id}"
    cached = cache.get(key)
    if cached is not None:
        return json.loads(cached)
    with database() as cursor:
        cursor.execute("SELECT id, name FROM users WHERE id = %s", (user_id,))
        row = cursor.fetchone()
    if row is None:
        abort(404)
    user = {"id": row[0], "name": row[1]}
    cache.set(key, json.dumps(user))
    return user


@app.put("/users/<int:user_id>")
def write_user(user_id):
    name = request.get_json()["name"]
    with database() as cursor:
        cursor.execute("UPDATE users SET name = %s WHERE id = %s", (name, user_id))
    cache.delete(f"user:{user_id}")
    return "", 204


if __name__ == "__main__":
    app.run(port=int(os.environ["PORT"]), threaded=True)
