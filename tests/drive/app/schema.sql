CREATE TABLE users (id int PRIMARY KEY, name text NOT NULL);
CREATE FUNCTION reset() RETURNS void LANGUAGE sql AS
  $$ DELETE FROM users; INSERT INTO users VALUES (7, 'v1'), (8, 'v1') $$;
