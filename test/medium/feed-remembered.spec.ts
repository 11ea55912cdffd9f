import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { ConversationTerm1763683200191 } from '../../migrations/1763683200191-conversation-term.js';
import { openBroker, type Desk } from './broker-setup.js';

let broker: Awaited<ReturnType<typeof openBroker>>;
beforeAll(async () => { broker = await openBroker(); });
afterAll(() => broker.close());

/** A desk whose conversations remember `group` and `tags` of their messages. */
async function remembering(): Promise<Desk> {
  const desk = await broker.desk();
  const remember = (name: string): object => ({ type: 'Single', template: `\${${name}}`, targetAttribute: `sf:conversation:${name}` });
  await desk.rule('remember', { action: 'PROCESS_ONLY', conversationAttributeMappings: [remember('Group'), remember('tags')] });
  return desk;
}

async function say(desk: Desk, ticketId: string, attributes: Readonly<Record<string, unknown>>): Promise<void> {
  await desk.untilMessage(await desk.say(ticketId, attributes), { state: 'ROUTED' });
}

/** Ticket ids of what is found, newest first. */
async function found(desk: Desk, ...attributes: string[]): Promise<string[]> {
  const query = new URLSearchParams(attributes.map((one): [string, string] => ['conversationAttribute', one]));
  const { status, body } = await desk.user.get(`/api/v1/messages?${query.toString()}`);
  expect(status).toBe(200);
  return (body.items as { ticketId: string }[]).map(({ ticketId }) => ticketId);
}

describe('messages by what their conversation remembers', () => {
  it('are found by name and value in any case, all messages of the conversation, as it is now', async () => {
    const desk = await remembering();
    await say(desk, 'INC1', { Group: 'First Line' });
    await say(desk, 'INC2', { Group: 'first line' });
    expect(await found(desk, 'group=FIRST line')).toEqual(['INC2', 'INC1']);
    await say(desk, 'INC1', { Group: 'Second Line' });
    expect(await found(desk, 'Group = first line')).toEqual(['INC2']);
    expect(await found(desk, 'group=second line')).toEqual(['INC1', 'INC1']);
    expect(await found(desk, 'group=third line')).toEqual([]);
  });

  it('are found by any element of a multi-value, and by several attributes only where all hold', async () => {
    const desk = await remembering();
    await say(desk, 'INC1', { Group: 'x', tags: ['vip', 'Berlin'] });
    await say(desk, 'INC2', { Group: 'x', tags: ['Berlin'] });
    expect(await found(desk, 'tags=berlin')).toEqual(['INC2', 'INC1']);
    expect(await found(desk, 'tags=vip', 'group=x')).toEqual(['INC1']);
    await say(desk, 'INC1', { tags: ['Berlin'] });
    expect(await found(desk, 'tags=vip')).toEqual([]);
  });

  it('are found where more remember it than are looked up one by one', async () => {
    const desk = await remembering();
    await say(desk, 'INC1', { Group: 'common' });
    await say(desk, 'INC2', { Group: 'other' });
    await desk.rows('INSERT INTO conversation_term SELECT $1, t.term, gen_random_uuid() FROM conversation_term t, generate_series(1, 2100) WHERE t.organization_id = $1');
    expect(await found(desk, 'group=common')).toEqual(['INC1']);
  });

  it('are found by what was remembered before there was a way to find it', async () => {
    const desk = await remembering();
    await say(desk, 'INC1', { Group: 'Σίσυφος', tags: ['a', 7, true] });
    const owner = await new DataSource({ type: 'postgres', url: broker.api.databaseUrl }).initialize();
    try {
      await owner.transaction(async ({ queryRunner }) => {
        await queryRunner!.query('DROP TABLE conversation_term');
        await new ConversationTerm1763683200191().up(queryRunner!);
      });
    } finally {
      await owner.destroy();
    }
    for (const attribute of ['group=σίσυφοσ', 'tags=A', 'tags=7', 'tags=true']) expect(await found(desk, attribute)).toEqual(['INC1']);
  });

  it('follow a merge: the staying conversation is found, the other one leaves nothing', async () => {
    const desk = await remembering();
    await say(desk, 'INC1', { Group: 'kept' });
    await say(desk, 'INC2', { tags: 'moved' });
    const [staying, merged] = await desk.rows<{ id: string }>('SELECT id FROM conversation WHERE organization_id = $1 ORDER BY id');
    await desk.must('POST', `/api/v1/conversations/${merged!.id}/merge`, { into: staying!.id });
    expect(await found(desk, 'tags=moved', 'group=kept')).toEqual(['INC2', 'INC1']);
    expect(await desk.rows('SELECT DISTINCT conversation_id AS id FROM conversation_term WHERE organization_id = $1')).toEqual([{ id: staying!.id }]);
  });

  it('are each organization\'s own, and refused where it is not said what is looked for', async () => {
    const [desk, other] = [await remembering(), await remembering()];
    await say(desk, 'INC1', { Group: 'mine' });
    expect(await found(other, 'group=mine')).toEqual([]);
    for (const bad of ['group', '=x', 'group=', 'a='.padEnd(600, 'x')]) {
      expect((await desk.user.get(`/api/v1/messages?conversationAttribute=${encodeURIComponent(bad)}`)).status).toBe(422);
    }
  });
});
