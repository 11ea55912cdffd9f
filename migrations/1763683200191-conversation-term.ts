import { hash } from 'node:crypto';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { organizationRows } from './row-security.js';

const PAGE = 2_000;

interface Remembered {
  readonly organization: string;
  readonly conversation: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** Conversations by what they remember: a hash of folded name and value each. An index of the memory itself would be written at every change of anything in it, and could not be used under row-level security. */
export class ConversationTerm1763683200191 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE TABLE conversation_term (organization_id uuid NOT NULL, term bigint NOT NULL, conversation_id uuid NOT NULL, PRIMARY KEY (organization_id, term, conversation_id))`);
    for (const statement of organizationRows('conversation_term')) await runner.query(statement);
    // Row-level security binds the owner, too: the pipeline's role sees every organization.
    await runner.query('SET LOCAL ROLE parley_worker');
    for (let after = '00000000-0000-0000-0000-000000000000', read = PAGE; read === PAGE;) {
      const rows = await runner.query(`SELECT organization_id AS organization, conversation_id AS conversation, attributes FROM conversation_memory WHERE conversation_id > $1 ORDER BY conversation_id LIMIT ${PAGE}`, [after]) as Remembered[];
      const terms = rows.flatMap(({ organization, conversation, attributes }) => termsOf(attributes).map((term) => [organization, String(term), conversation] as const));
      await runner.query('INSERT INTO conversation_term SELECT * FROM unnest($1::uuid[], $2::int8[], $3::uuid[]) ON CONFLICT DO NOTHING', [0, 1, 2].map((at) => terms.map((term) => term[at])));
      read = rows.length;
      after = rows.at(-1)?.conversation ?? after;
    }
    await runner.query('RESET ROLE');
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}

/** As the store made them when this was written. */
function termsOf(attributes: Readonly<Record<string, unknown>>): bigint[] {
  const fold = (text: string): string => text.toLowerCase().replaceAll('ς', 'σ');
  const asText = (value: unknown): string => (value === null ? '' : typeof value === 'string' ? value : JSON.stringify(value));
  return Object.entries(attributes).flatMap(([name, value]) => (Array.isArray(value) ? value.slice(0, 50) : [value]).map(asText)
    .filter((text) => text.trim() !== '' && text.length <= 200).map((text) => hash('sha256', `${fold(name)}\0${fold(text)}`, 'buffer').readBigInt64BE(0)));
}
