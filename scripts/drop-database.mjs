/**
 * Removes a database and ends its sessions. Not `with (force)`: that fails where an autovacuum worker, a superuser's process, happens to be in it;
 * without, PostgreSQL sends such a worker away by itself. `name` is not quoted; `client` is connected to another database of the server.
 */
export async function dropDatabase(client, name) {
  const { rowCount } = await client.query('select from pg_database where datname = $1', [name]);
  if (rowCount === 0) return;
  await client.query(`alter database ${name} with allow_connections false`);
  await client.query(`select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and backend_type = 'client backend'`, [name]);
  await client.query(`drop database if exists ${name}`);
}
