// A user's profile behind the query cache of TypeORM, kept in Redis.
//
// INVALIDATE=no reads with "cache: true" and lets the entry expire; INVALIDATE=yes gives the query
// an id and removes it after each update.
require('reflect-metadata');
const express = require('express');
const { DataSource, EntitySchema } = require('typeorm');

const User = new EntitySchema({
  name: 'User',
  tableName: 'users',
  columns: { id: { type: 'int', primary: true }, name: { type: 'text' } },
});
const invalidates = process.env.INVALIDATE === 'yes';

const app = express();
const source = new DataSource({
  type: 'postgres',
  url: process.env.DATABASE_URL,
  entities: [User],
  cache: { type: 'redis', options: { url: process.env.REDIS_URL } },
});

app.use(express.json());

app.get('/health', (req, res) => res.send('ok'));

app.get('/users/:id', async (req, res) => {
  const id = Number(req.params.id);
  const cache = invalidates ? { id: `user:${id}`, milliseconds: 60_000 } : true;
  res.json(await source.getRepository(User).findOne({ where: { id }, cache }));
});

app.put('/users/:id', async (req, res) => {
  const id = Number(req.params.id);
  await source.getRepository(User).update({ id }, { name: req.body.name });
  if (invalidates) await source.queryResultCache.remove([`user:${id}`]);
  res.sendStatus(204);
});

source.initialize().then(() => app.listen(process.env.PORT));
