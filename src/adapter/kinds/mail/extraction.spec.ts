import { describe, expect, it } from '@jest/globals';
import { checkSettings } from '../../setting/check-settings.js';
import type { ConnectedEndpoint, InboundRequest } from '../../contract.js';
import { mail } from './index.js';

const endpoint = (extract: object): ConnectedEndpoint => ({ organization: 'o', id: 'desk', name: 'Desk', settings: { address: 'support@example.com' }, entityTypes: [{ name: 'mail', references: [], settings: { extract: [extract] } }] });
async function read(body: string, extract: object, type = 'text/plain') {
  const request: InboundRequest = { entityType: 'mail', body: Buffer.from(`From: m@p.example\r\nSubject: event\r\nMessage-ID: <m1@p.example>\r\nContent-Type: ${type}; charset=utf-8\r\n\r\n${body}`), contentType: 'message/rfc822', headers: {}, query: '' };
  const at = endpoint(extract);
  expect(checkSettings(mail.entityTypeSettings, at.entityTypes[0]!.settings)).toEqual([]);
  return mail.inbound.normalize(request, at, await mail.inbound.open!(request, at, 0));
}
const html = (body: string, extract: object = { tables: { prefix: 'e.' } }) => read(body, extract, 'text/html');

describe('tables of an HTML mail', () => {
  it('of two columns are names and values, as they are read', async () => {
    const table = '<table><tr><th colspan=2>Alarm</th></tr><tr><td><b>Host:</b></td><td>db1</td></tr><tr><td>Zustand&nbsp;</td><td>Gr&uuml;n &amp; <i>gut</i><br>zweite Zeile</td></tr><tr><td></td><td>nobody</td></tr></table>';
    expect(await html(table)).toMatchObject({ ok: true, value: [{ attributes: { 'e.Host': 'db1', 'e.Zustand': 'Grün & gut\nzweite Zeile' } }] });
  });

  it('within tables that lay the mail out are found, those are not', async () => {
    const table = '<table><tr><td>Company</td><td><table><tr><td>Host<td>db1<tr><td>State<td>down</table></td></tr><tr><td>Imprint</td><td>x</td></tr></table>';
    const made = await html(table);
    expect(made).toMatchObject({ ok: true, value: [{ attributes: { 'e.Host': 'db1', 'e.State': 'down' } }] });
    expect(JSON.stringify(made)).not.toMatch(/e\.(?:Company|Imprint)/);
  });

  it('of more columns give a list for each heading; one row gives one value', async () => {
    const rows = (...names: string[]): string => `<table><tr><th>Host</th><th>State</th><th>Since</th></tr>${names.map((name) => `<tr><td>${name}</td><td>down</td><td>8:00</td></tr>`).join('')}<tr><td colspan=3>two hosts</td></tr></table>`;
    expect(await html(rows('a', 'b'))).toMatchObject({ ok: true, value: [{ attributes: { 'e.Host': ['a', 'b'], 'e.State': ['down', 'down'] } }] });
    expect(await html(rows('a'))).toMatchObject({ ok: true, value: [{ attributes: { 'e.Host': 'a', 'e.Since': '8:00' } }] });
  });

  it('name the ticket, and what is required of them', async () => {
    expect(await html('<table><tr><td>Id<td>P-7</table>', { tables: {}, ticketId: 'Id' })).toMatchObject({ ok: true, value: [{ ticketId: 'P-7' }] });
    expect(await html('<p>nothing</p>', { tables: {}, ticketId: 'Id' })).toMatchObject({ ok: false, error: { message: expect.stringContaining('Id') } });
  });

  it('that are built to hurt are bounded', async () => {
    expect((await html('<table><tr><td>'.repeat(5_000))).ok).toBe(true);
    expect((await html(`<table>${'<tr><td>__proto__<td>x'.repeat(5_000)}</table>`)).ok).toBe(true);
  });
});

describe('a block between marks', () => {
  const between = { between: { start: '---BEGIN EVENT---', end: '---END EVENT---' }, lines: { prefix: 'e.' } };

  it('is all that lines, documents and patterns of the text are read from', async () => {
    const text = 'Host: not this\r\n---BEGIN EVENT---\r\nHost: db1\r\nState: down\r\n---END EVENT---\r\nPhone: 123';
    const made = await read(text, { ...between, fields: [{ attribute: 'first', in: 'text', pattern: 'Host: (.*)' }] });
    expect(made).toMatchObject({ ok: true, value: [{ attributes: { 'e.Host': 'db1', 'e.State': 'down', first: 'db1' } }] });
    expect(JSON.stringify(made)).not.toContain('e.Phone');
  });

  it('goes on to the end where nothing ends it, and is empty where nothing begins it', async () => {
    expect(await read('x\r\n---BEGIN EVENT---\r\nHost: db1', between)).toMatchObject({ ok: true, value: [{ attributes: { 'e.Host': 'db1' } }] });
    expect(await read('Host: db1', { ...between, required: ['e.Host'] })).toMatchObject({ ok: false });
  });

  it('may hold JSON', async () => {
    expect(await read('{"id":"no"}\r\n---BEGIN EVENT---\r\n{"id":"7"}\r\n---END EVENT---', { between: between.between, document: { type: 'json' } })).toMatchObject({ ok: true, value: [{ attributes: { id: '7' } }] });
  });
});

describe('an event mail that lacks what is required', () => {
  it('fails, or goes on with what it has, as it is set', async () => {
    const extract = { lines: {}, required: ['State'], ticketId: 'Id' };
    expect(await read('Host: db1', extract)).toMatchObject({ ok: false, error: { code: 'fields-missing' } });
    expect(await read('Host: db1', { ...extract, onMissing: 'process' })).toMatchObject({ ok: true, value: [{ messageType: 'mail', attributes: { 'Host': 'db1', 'mail.missing': ['State', 'Id'] } }] });
  });
});
