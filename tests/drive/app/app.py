"""One small service that behaves in many ways, for tests. The environment variable WAY says how."""

import json
import os
import random
import threading
import time

import psycopg2
import psycopg2.pool
import redis
from flask import Flask, jsonify, request

WAY = os.environ.get("WAY", "aside")
app = Flask(__name__)
cache = redis.Redis.from_url(os.environ["REDIS_URL"])
pool = psycopg2.pool.ThreadedConnectionPool(0, 10, os.environ["DATABASE_URL"])
lock = threading.Lock()
in_process = {}


def forget_by_message():
    """What others have written leaves the memory of this process when they say so."""
    messages = cache.pubsub(ignore_subscribe_messages=True)
    messages.subscribe("written")
    for message in messages.listen():
        in_process.pop(int(message["data"]), None)


if WAY == "messages":
    threading.Thread(target=forget_by_message, daemon=True).start()

FILL = """
if (redis.call('get', KEYS[2]) or '') == ARGV[2] then redis.call('set', KEYS[1], ARGV[1]) end
return 1"""
FORGET = "redis.call('incr', KEYS[2]) return redis.call('del', KEYS[1])"


def run(steps, autocommit=True):
    """Calls steps(cursor) on a pooled connection."""
    connection = pool.getconn()
    try:
        connection.autocommit = autocommit
        with connection.cursor() as cursor:
            result = steps(cursor)
        if not autocommit:
            connection.commit()
        return result
    except Exception:
        if not autocommit:
            connection.rollback()
        raise
    finally:
        pool.putconn(connection)


def select(user):
    def steps(cursor):
        cursor.execute("SELECT name FROM users WHERE id = %s", (user,))
        return cursor.fetchone()[0]
    return run(steps)


def update(user, name, also=lambda: None, autocommit=True):
    def steps(cursor):
        cursor.execute("UPDATE users SET name = %s WHERE id = %s", (name, user))
        also()
    run(steps, autocommit)


@app.get("/health")
def health():
    return "ok"


@app.get("/users/<int:user>")
def read(user):
    key, generation = f"user:{user}", f"generation:{user}"
    if WAY in ("in-process", "messages") and user in in_process:
        return in_process[user]
    if WAY == "broken":
        return "no", 500
    if WAY == "mutex":
        with lock:
            return fill(key, user)
    if WAY == "generation":
        held, number = cache.mget(key, generation)
        if held is not None:
            return held
        value = json.dumps({"name": select(user)})
        cache.eval(FILL, 2, key, generation, value, number or "")
        return value
    if WAY == "random":
        for _ in range(random.randint(0, 3)):
            cache.exists(key)
    return fill(key, user)


def fill(key, user):
    held = cache.get(key)
    if held is not None:
        return held
    if WAY == "sleeps":
        time.sleep(0.05)
    value = json.dumps({"name": select(user)})
    cache.set(key, value)
    if WAY in ("in-process", "messages"):
        in_process[user] = value
    return value


@app.get("/watched/<int:user>")
def read_watched(user):
    """Fills only if nobody has touched the key meanwhile: WATCH, MULTI, EXEC."""
    key = f"user:{user}"
    with cache.pipeline() as pipe:
        pipe.watch(key)
        held = pipe.get(key)
        if held is not None:
            return held
        value = json.dumps({"name": select(user)})
        pipe.multi()
        pipe.set(key, value)
        try:
            pipe.execute()
        except redis.WatchError:
            pass
        return value


@app.put("/users/<int:user>")
def write(user):
    key, name = f"user:{user}", request.json["name"]
    if WAY == "transaction":
        update(user, name, autocommit=False)
        cache.delete(key)
    elif WAY == "inside":
        update(user, name, also=lambda: cache.delete(key), autocommit=False)
    elif WAY == "generation":
        update(user, name)
        cache.eval(FORGET, 2, key, f"generation:{user}")
    else:
        update(user, name)
        cache.delete(key)
        if WAY == "messages":
            cache.publish("written", user)
        if WAY == "timer":
            threading.Timer(0.05, lambda: cache.delete(key)).start()
    return jsonify(saved=True)


@app.put("/pairs/<int:first>/<int:second>")
def write_pair(first, second):
    """Two rows in one transaction, in the order that is asked for."""
    def steps(cursor):
        for user in (first, second):
            cursor.execute("UPDATE users SET name = 'pair' WHERE id = %s", (user,))
    try:
        run(steps, autocommit=False)
    except psycopg2.Error as error:
        return jsonify(saved=False, code=error.pgcode)
    for user in (first, second):
        cache.delete(f"user:{user}")
    return jsonify(saved=True)


@app.put("/counts/<int:user>")
def count(user):
    """Reads a row and writes it, in a transaction that must not overlap with another one."""
    connection = pool.getconn()
    try:
        connection.set_session(isolation_level="SERIALIZABLE", autocommit=False)
        with connection.cursor() as cursor:
            cursor.execute("SELECT name FROM users WHERE id = %s", (user,))
            name = cursor.fetchone()[0]
            cursor.execute("UPDATE users SET name = %s WHERE id = %s", (name + "+", user))
        connection.commit()
    except psycopg2.Error as error:
        connection.rollback()
        return jsonify(saved=False, code=error.pgcode)
    finally:
        connection.rollback()
        connection.set_session(isolation_level="DEFAULT")
        pool.putconn(connection)
    cache.delete(f"user:{user}")
    return jsonify(saved=True)


if WAY == "slow-start":
    time.sleep(1)
app.run(port=int(os.environ["PORT"]), threaded=True)
