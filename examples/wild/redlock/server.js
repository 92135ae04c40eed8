// A user's profile that is loaded under a lock of redlock, so that one request at a time fills it.
//
// WRITER_LOCKS=yes makes the writer take the same lock around its update and its delete.
const express = require('express');
const { Redis } = require('ioredis');
const { Redlock } = require('@sesamecare-oss/redlock');
const { Pool } = require('pg');

const app = express();
const cache = new Redis(process.env.REDIS_URL);
const redlock = new Redlock([cache]);
const database = new Pool({ connectionString: process.env.DATABASE_URL });

async function cached(id) {
  const found = await cache.get(`user:${id}`);
  return found === null ? undefined : JSON.parse(found);
}

async function load(id) {
  const sql = 'SELECT id, name FROM users WHERE id = $1';
  const { rows } = await database.query(sql, [id]);
  await cache.set(`user:${id}`, JSON.stringify(rows[0]));
  return rows[0];
}

async function update(id, name) {
  await database.query('UPDATE users SET name = $1 WHERE id = $2', [name, id]);
  await cache.del(`user:${id}`);
}

const locked = (id, routine) => redlock.using([`lock:user:${id}`], 5000, routine);

app.use(express.json());

app.get('/health', (req, res) => res.send('ok'));

app.get('/users/:id', async (req, res) => {
  const { id } = req.params;
  res.json((await cached(id)) ?? (await locked(id, async () => (await cached(id)) ?? load(id))));
});

app.put('/users/:id', async (req, res) => {
  const write = () => update(req.params.id, req.body.name);
  await (process.env.WRITER_LOCKS === 'yes' ? locked(req.params.id, write) : write());
  res.sendStatus(204);
});

app.listen(process.env.PORT);
