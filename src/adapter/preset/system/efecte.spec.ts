import { beforeEach, describe, expect, it } from '@jest/globals';
import { FakeEfecte } from '../../../../test/support/fakes/efecte.js';
import { file, lines, PresetDesk, useDesk } from '../../../../test/support/fakes/preset-desk.js';
import { efecte } from './efecte.js';

const there = new FakeEfecte();
const over = (password: string, more: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> => ({ auth: { ...(efecte.endpoint.settings['auth'] as object), password }, ...more });
const desk = useDesk(new PresetDesk(efecte, over('efecte-pass'), '/itsm/v1'), (target) => there.attachTo(target));
const lost = useDesk(new PresetDesk(efecte, over('efecte-pass', { variables: { template: 'incident', folder: 'nowhere' } }), '/itsm/v1'), (target) => there.attachTo(target));
const stranger = useDesk(new PresetDesk(efecte, over('wrong-pass'), '/itsm/v1'), (target) => there.attachTo(target));
beforeEach(() => { there.cards.length = 0; there.files.length = 0; there.now = '2026-01-31T10:05:00Z'; });
const first = (code: string): unknown => there.cards[0]?.data[code]?.[0]?.value;

describe('a data card at Efecte', () => {
  it('is created of lists of values, and found again', async () => {
    expect(await desk.create({ title: 'VPN', description: 'a < b', priority: '2', status: 'new' }, { attachments: [file('a b.txt', 'hello')] })).toEqual(expect.objectContaining({ outcome: 'success', ticketId: '5000' }));
    expect([first('subject'), first('description'), first('priority'), first('status')]).toEqual(['VPN', 'a &lt; b', '2. High', '01 - New']);
    expect(there.files).toEqual(['5000 a b.txt: hello']);
    expect(await desk.lookUp()).toEqual({ found: '5000' });
    expect(await desk.lookUp('another')).toEqual({ found: null });
  });

  it('that was saved without some attributes is ours all the same, and tells which', async () => {
    const made = await desk.create({ title: 'VPN', status: 'waiting for the moon' });
    expect(made).toMatchObject({ outcome: 'success', ticketId: '5000', warning: expect.stringContaining("status: Couldn't find static-value with value: waiting for the moon") });
    expect(there.cards).toHaveLength(1);
  });

  it('that was not saved is refused, though the answer is a success', async () => {
    expect(await lost.create({ title: 'VPN' })).toMatchObject({ outcome: 'rejected', httpStatus: 201, error: 'folder: There is no such folder' });
  });

  it('whose change left something out is refused in its words', async () => {
    await desk.create({ title: 'VPN' });
    expect(await desk.update('5000', { title: 'VPN down', status: 'inProgress' })).toMatchObject({ outcome: 'success' });
    expect([first('subject'), first('status')]).toEqual(['VPN down', '02 - Solving']);
    expect(await desk.update('5000', { status: 'with the vendor' })).toMatchObject({ outcome: 'rejected', httpStatus: 200, error: "status: Couldn't find static-value with value: with the vendor" });
    expect(await desk.update('9', { title: 'x' })).toMatchObject({ outcome: 'rejected', error: expect.stringContaining('404') });
  });

  it('is commented in the log that fits, where a line is added', async () => {
    await desk.create({ title: 'VPN' });
    await desk.update('5000', { 'comment.text': 'for all', 'comment.author': 'Vera', 'comment.visibility': 'public' });
    await desk.update('5000', { 'comment.text': 'for us', 'comment.visibility': 'internal' });
    await desk.update('5000', { 'comment.text': 'who knows' });
    const texts = (code: string): unknown => there.cards[0]?.data[code]?.map(({ value }) => value);
    expect([texts('public_comments'), texts('internal_comments')]).toEqual([['Vera: for all'], ['who knows', 'for us']]);
  });
});

describe('the token of Efecte', () => {
  it('is sent as it came, with one word before it, and fetched anew when it is refused', async () => {
    await desk.create({ title: 'one' });
    expect(desk.target.seen.at(-1)?.headers.authorization).toMatch(/^Bearer jwt\d+$/);
    there.login += 5;
    expect(await desk.create({ title: 'two' })).toMatchObject({ outcome: 'success' });
    expect(await desk.check()).toEqual(['network ok', 'authentication ok', 'rights ok']);
  });

  it('that is refused at the login pauses the endpoint', async () => {
    expect(await stranger.create({ title: 'one' })).toMatchObject({ outcome: 'credentials' });
  });
});

describe('polling of Efecte', () => {
  const line = (value: string, date: string, author = 'Vera') => ({ author, value, date });
  const card = (id: string, data: Record<string, { value: string }[]> = {}): number => there.cards.push({
    dataCardId: id, data: { subject: [{ value: 'VPN' }], description: [{ value: '<p>Since</p>' }], status: [{ value: '04 - Something' }], priority: [{ value: '1. Critical' }], efecteid: [{ value: `INC-${id}` }], updated: [{ value: '2026-01-31T10:05:00Z' }], ...data },
  });

  it('brings cards in canonical words, and each new line of both logs', async () => {
    card('7', { public_comments: [line('second', '2026-01-31T10:05:00Z'), line('first', '2026-01-01T10:00:00Z')], internal_comments: [line('ours', '2026-01-31T10:04:00Z', 'Parley Integration')] });
    const { messages, cursor } = await desk.poll();
    expect(messages.map(({ eventId, sender }) => [eventId, sender?.id])).toEqual([[null, undefined], ['public:7:2026-01-31T10:05:00Z:Vera', 'Vera'], ['internal:7:2026-01-31T10:04:00Z:Parley Integration', 'Parley Integration']]);
    expect(messages[0]).toMatchObject({ ticketId: '7', occurredAt: '2026-01-31T10:05:00.000Z', attributes: { 'title': 'VPN', 'description': 'Since', 'status': '04 - Something', 'priority': '1', 'ticket.number': 'INC-7' } });
    expect(messages[1]).toMatchObject({ ticketId: '7', attributes: { 'comment.text': 'second', 'comment.author': 'Vera', 'comment.visibility': 'public', 'ticket.number': 'INC-7' } });
    expect(messages[1]?.attributes).not.toHaveProperty('status');
    expect(messages[2]).toMatchObject({ attributes: { 'comment.visibility': 'internal' } });
    await desk.poll(cursor);
    expect(lines(desk.target).at(-1)).toContain("filter=$updated$ > '2026-01-31T10:04:00Z'");
  });

  it('goes down by the ids of the cards', async () => {
    for (let number = 0; number < 250; number++) card(String(1_000 + number));
    expect((await desk.poll()).messages).toHaveLength(250);
    expect(lines(desk.target).filter((one) => one.includes('/data?')).map((one) => /filterId=(\d+)/.exec(one)?.[1])).toEqual([undefined, '1050']);
  });
});
