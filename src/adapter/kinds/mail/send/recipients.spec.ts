import { describe, expect, it } from '@jest/globals';
import type { AddressKeeper, KnownAddress } from '../../../contract.js';
import type { ComposedMail } from './compose.js';
import { deadOf, withoutSuppressed } from './recipients.js';

const mail = (to: readonly string[], cc: readonly string[] = []): ComposedMail => ({
  ticketId: 'T', messageId: 'm@example.com', from: { address: 'support@example.com', name: '' }, replyTo: 'support@example.com', to, cc, subject: 's', text: 't', html: null, inReplyTo: null, references: [], headers: {}, attachments: [], leftOut: [], dateMs: null,
});
const known = (address: string, isSuppressed: boolean): KnownAddress => ({ address, bounces: 3, reason: '5.1.1 unknown', isSuppressed });
const keeper = (list: readonly KnownAddress[] | Error): AddressKeeper => ({
  known: (addresses) => (list instanceof Error ? Promise.reject(list) : Promise.resolve(list.filter((one) => addresses.includes(one.address)))),
  taken: () => Promise.resolve(), refused: () => Promise.resolve(), turn: () => Promise.resolve(0),
});

describe('a mail', () => {
  it('goes to all whom nothing is known of, and where nobody keeps what is known', async () => {
    expect(await withoutSuppressed(mail(['a@b.example']), undefined)).toEqual({ mail: mail(['a@b.example']), known: [] });
    expect(await withoutSuppressed(mail(['A@b.example']), keeper([known('a@b.example', false)]))).toEqual({ mail: mail(['A@b.example']), known: [known('a@b.example', false)] });
  });

  it('leaves out who is suppressed, among copies as well, and is not sent where only copies would be left', async () => {
    expect(await withoutSuppressed(mail(['a@b.example', 'c@b.example'], ['D@b.example']), keeper([known('a@b.example', true), known('d@b.example', true)]))).toMatchObject({ mail: { to: ['c@b.example'], cc: [] }, known: [], warning: expect.stringContaining('a@b.example (3 mails in a row') });
    expect(await withoutSuppressed(mail(['a@b.example'], ['c@b.example']), keeper([known('a@b.example', true)]))).toMatchObject({ failed: { outcome: 'rejected', endpointFault: false, error: expect.stringContaining('lift it on the page of the endpoint') } });
  });

  it('waits where nobody can tell: it was certainly not sent', async () => {
    expect(await withoutSuppressed(mail(['a@b.example']), keeper(new Error('the store is away')))).toMatchObject({ failed: { outcome: 'retryable', endpointFault: false } });
  });
});

describe('a recipient that a server refuses', () => {
  it.each([
    ['550 5.1.1 unknown', true], ['550-5.1.1 unknown\n550 5.1.1 see there', true], ['553 5.1.3 bad address', true], ['550 5.7.1 policy', false], ['550 unknown', false], ['450 4.1.1 later', false], ['552 5.2.3 too large', false], ['', false],
  ])('with "%s" is dead: %s', (response, expected) => {
    expect(deadOf([{ recipient: 'A@b.example', response }], 'd', 3).map(({ address }) => address)).toEqual(expected ? ['a@b.example'] : []);
  });

  it('is not counted where addresses are never given up', () => {
    expect(deadOf([{ recipient: 'a@b.example', response: '550 5.1.1 unknown' }], 'd', 0)).toEqual([]);
  });
});
