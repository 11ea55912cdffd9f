import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openDesks, unfaithful, type Desks, type ShownMessage } from '../support/desks.js';
import { eventually } from '../support/eventually.js';

const PARAMETERS = { source: 'a', target: 'b', vendorGroup: 'SAP support (Vendor X)', targetGroup: 'SAP', returnGroup: 'Customer', fallbackGroup: 'Service desk' };

let desks: Desks;
beforeAll(async () => {
  desks = await openDesks({ a: { groups: ['Service desk', 'Local desk', 'Network', PARAMETERS.vendorGroup] }, b: { groups: ['SAP', 'Customer'] } });
  await desks.api.must('POST', '/api/v1/templates/original-group/apply', { parameters: PARAMETERS });
});
afterAll(() => desks.close());

const groupOf = async (desk: 'a' | 'b', id: string): Promise<unknown> => (await desks[desk].ticket(id)).group;
const groupBecomes = (desk: 'a' | 'b', id: string, group: string): Promise<void> => eventually(async () => expect(await groupOf(desk, id)).toBe(group));
const ticketInB = async (inA: string): Promise<string> => {
  await eventually(async () => expect(await desks.b.ticketFor(inA)).not.toBeNull());
  return (await desks.b.ticketFor(inA))!;
};

describe('a ticket that the vendor gives back', () => {
  it('goes to the group that it came from, each time to the last one', async () => {
    const inA = await desks.a.open({ title: 'Cannot print from SAP', group: 'Local desk' });
    await eventually(async () => expect((await desks.conversationOf(inA)).attributes).toEqual({ originalGroup: 'Local desk' }));
    expect(await desks.b.ticketFor(inA)).toBeNull();
    await desks.a.change(inA, { group: PARAMETERS.vendorGroup });
    const inB = await ticketInB(inA);
    expect(await desks.b.ticket(inB)).toMatchObject({ title: 'Cannot print from SAP', group: 'SAP' });

    await desks.b.change(inB, { group: 'Customer' });
    await groupBecomes('a', inA, 'Local desk');

    await desks.a.change(inA, { group: 'Network' });
    await eventually(async () => expect((await desks.conversationOf(inA)).attributes).toEqual({ originalGroup: 'Network' }));
    await desks.a.change(inA, { group: PARAMETERS.vendorGroup });
    await groupBecomes('b', inB, 'SAP');
    await desks.b.change(inB, { group: 'Customer' });
    await groupBecomes('a', inA, 'Network');

    const conversation = await desks.conversationOf(inA);
    expect(await unfaithful(desks, conversation.messages as ShownMessage[])).toEqual([]);
    expect(conversation.memoryChanges.map((one: { before: unknown; after: unknown }) => [one.before ?? null, one.after])).toEqual([['Local desk', 'Network'], [null, 'Local desk']]);
    expect(conversation.deliveries.filter((one: { state: string }) => one.state !== 'SENT')).toEqual([]);
  });

  it('goes to a group that always exists where it never had another', async () => {
    const inA = await desks.a.open({ title: 'SAP is slow', group: PARAMETERS.vendorGroup });
    const inB = await ticketInB(inA);
    await desks.b.change(inB, { group: 'Customer' });
    await groupBecomes('a', inA, 'Service desk');
  });
});
