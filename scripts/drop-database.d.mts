import type { ClientBase } from 'pg';

export function dropDatabase(client: ClientBase, name: string): Promise<void>;
