import { DataSource, type EntityManager } from 'typeorm';
import { MIGRATIONS } from '../../migrations/index.js';
import { ENTITIES } from './entities.js';

/** The connection of TypeORM that owns the schema: runs as the connecting role, for migrations only. */
export const ownerDataSource = (url: string): DataSource =>
  new DataSource({ type: 'postgres', url, migrations: [...MIGRATIONS], migrationsTableName: 'migration', extra: { max: 1 } });

/** The connection of administrative reads and writes: runs as `parley_app`, sees one organization per transaction. */
export const appDataSource = (url: string): DataSource =>
  new DataSource({
    type: 'postgres', url, entities: [...ENTITIES], synchronize: false, installExtensions: false,
    extra: { max: 6, options: '-c role=parley_app -c statement_timeout=15s -c lock_timeout=5s -c idle_in_transaction_session_timeout=30s', application_name: 'parley app' },
  });

export type { EntityManager };
