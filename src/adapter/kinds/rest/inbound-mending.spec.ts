import { describe, expect, it } from '@jest/globals';
import { checkSettings } from '../../setting/check-settings.js';
import type { ConnectedEndpoint, InboundRequest } from '../../contract.js';
import { rest } from './index.js';

const endpoint = (mending: unknown): ConnectedEndpoint => ({ organization: 'o', id: 'x', name: 'X', settings: { baseUrl: 'https://x.example' }, entityTypes: [{ name: 'Issue', references: [], settings: { inbound: { ticketId: 'id', mending } } }] });
const request = (body: string | Buffer, contentType = 'application/json'): InboundRequest => ({ entityType: 'Issue', body: Buffer.from(body), contentType, headers: {}, query: '' });
const read = (mending: unknown, given: InboundRequest) => rest.inbound.normalize(given, endpoint(mending));

describe('a body that is broken', () => {
  it('is mended before it is read, in order', () => {
    const mending = [{ pattern: ',\\s*([}\\]])', by: '$1' }, { pattern: '"title": *([A-Za-z ]+)', by: '"title":"$1 $$"' }];
    expect(read(mending, request('{"id":"T-1","title": Printer on fire, "tags":["a",],}'))).toMatchObject({ ok: true, value: [{ ticketId: 'T-1', attributes: { title: 'Printer on fire $', tags: ['a'] } }] });
  });

  it('is read in UTF-8 afterwards, whatever it was before', () => {
    const latin = Buffer.from('<?xml version="1.0" encoding="iso-8859-1"?><t><id>T-1</id><name>Zoë & co</name></t>', 'latin1');
    expect(read([{ pattern: '& ', by: '&amp; ' }], request(latin, 'text/xml; charset=iso-8859-1'))).toMatchObject({ ok: false });
    const mapped: ConnectedEndpoint = { ...endpoint(undefined), entityTypes: [{ name: 'Issue', references: [], settings: { inbound: { ticketId: 't.id', attributes: { name: 't.name' }, mending: [{ pattern: '& ', by: '&amp; ' }] } } }] };
    expect(rest.inbound.normalize(request(latin, 'text/xml; charset=iso-8859-1'), mapped)).toMatchObject({ ok: true, value: [{ ticketId: 'T-1', attributes: { name: 'Zoë & co' } }] });
  });

  it('that cannot be mended, or stays broken, is a failure with its reason', () => {
    expect(read([{ pattern: 'x', by: 'y' }], request('no json'))).toMatchObject({ ok: false, error: { code: 'broken-json' } });
    expect(read([{ pattern: 'a.*b|a', by: '' }], request(`{"id":"${'a'.repeat(200_000)}"}`))).toMatchObject({ ok: false, error: { code: 'body-not-mended' } });
    expect(read([{ pattern: 'x', by: '' }], request(''))).toMatchObject({ ok: false });
  });

  it('that is a form with files is left alone', () => {
    const body = '--b\r\nContent-Disposition: form-data; name="id"\r\n\r\nT-1\r\n--b--\r\n';
    expect(read([{ pattern: 'T-1', by: 'T-2' }], request(body, 'multipart/form-data; boundary=b'))).toMatchObject({ ok: true, value: [{ ticketId: 'T-1' }] });
  });

  it('must be mended by patterns that exist', () => {
    const problems = (mending: unknown): string[] => checkSettings(rest.entityTypeSettings, { inbound: { ticketId: 'id', mending } }).map(({ pointer }) => pointer);
    expect(problems([{ pattern: 'a+', by: '' }])).toEqual([]);
    expect(problems([{ pattern: '(', by: '' }, { pattern: 'a' }, { pattern: '(?=a)', by: '' }])).toEqual(['/inbound/mending/0/pattern', '/inbound/mending/1/by', '/inbound/mending/2/pattern']);
    expect(problems([])).toEqual(['/inbound/mending']);
  });
});
