// Ends with 1 if the service answers something else than the row. The memory of the process is not
// emptied between two questions, so asking twice is not enough here.
const { Client } = require('pg');

(async () => {
  const answer = await (await fetch(`http://127.0.0.1:${process.argv[2]}/users/7`)).json();
  const database = new Client({ connectionString: process.env.DATABASE_URL });
  await database.connect();
  const { rows } = await database.query('SELECT id, name FROM users WHERE id = 7');
  await database.end();
  process.exit(answer.name === rows[0].name ? 0 : 1);
})();
