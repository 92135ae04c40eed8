// A user's profile that is loaded under a lock of redlock, so that one request at a time fills it.
//
// WRITER_LOCKS=yes makes the writer take the same lock around its update and its delete. RETRIES is
// how often a request asks again for a lock that another holds, before it answers 503. Reads and
// writes have a Redis connection each, as in two processes.
const express = require('express');
const { Redis } = require('ioredis');
const { ExecutionError, Redlock } = require('@sesamecare-oss/redlock');
const { Pool } = require('pg');

const app = express();
const settings = { retryCount: Number(process.env.RETRIES ?? 10) };
const database = new Pool({ connectionString: process.env.DATABASE_URL });

function connect() {
  const cache = new Redis(process.env.REDIS_URL);
  return { cache, redlock: new Redlock([cache], settings) };
}
const [reading, writing] = [connect(), connect()];

async function cached(id) {
  const found = await reading.cache.get(`user:${id}`);
  return found === null ? undefined : JSON.parse(found);
}

async function load(id) {
  const sql = 'SELECT id, name FROM users WHERE id = $1';
  const { rows } = await database.query(sql, [id]);
  await reading.cache.set(`user:${id}`, JSON.stringify(rows[0]));
  return rows[0];
}

async function update(id, name) {
  await database.query('UPDATE users SET name = $1 WHERE id = $2', [name, id]);
  await writing.cache.del(`user:${id}`);
}

const under = ({ redlock }, id, routine) => redlock.using([`lock:user:${id}`], 5000, routine);

app.use(express.json());

app.get('/health', (req, res) => res.send('ok'));

app.get('/users/:id', async (req, res) => {
  const { id } = req.params;
  const fill = async () => (await cached(id)) ?? load(id);
  res.json((await cached(id)) ?? (await under(reading, id, fill)));
});

app.put('/users/:id', async (req, res) => {
  const { id } = req.params;
  const write = () => update(id, req.body.name);
  await (process.env.WRITER_LOCKS === 'yes' ? under(writing, id, write) : write());
  res.sendStatus(204);
});

app.use((error, req, res, next) => {
  if (!(error instanceof ExecutionError)) return next(error);
  res.sendStatus(503);
});

app.listen(process.env.PORT);
