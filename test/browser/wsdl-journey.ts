import { expect, it } from '@jest/globals';
import { serviceWsdl } from '../../src/adapter/kinds/soap/service-wsdl.js';
import { FakeTarget } from '../support/fake-target.js';
import type { House } from './house.js';
import { settled, sideways, violations, wear } from './look.js';

/** Somebody takes the calls of a SOAP service over from its WSDL. */
export function wsdlJourney(house: House): void {
  it('offers its calls, at the service or from a file; those that are taken are calls of an entity type', async () => {
    const { page, api } = house;
    const target = await FakeTarget.start();
    try {
      const wsdl = serviceWsdl(`${target.url}/soap`);
      target.always({ do: 'answer', status: 200, body: wsdl, headers: { 'content-type': 'text/xml' } });
      await api.must('PUT', '/api/v1/endpoints/soapy', { name: 'Soapy desk', adapter: 'soap', settings: { address: `${target.url}/soap` }, entityTypes: [] });
      await page.goto('/endpoints/soapy/edit');
      await settled(page);
      await page.getByRole('button', { name: 'Read it at the service' }).click();
      await page.getByText('5 calls in the service').waitFor();
      expect(await page.getByLabel('Take CreateTicket as').inputValue()).toBe('create');
      for (const theme of ['dark', 'light'] as const) {
        await wear(page, theme);
        await page.getByLabel('Entity type', { exact: true }).scrollIntoViewIfNeeded();
        expect(await violations(page, theme === 'light' ? {} : { only: 'colours' })).toEqual([]);
        await house.shoot(`wsdl-${theme}`);
      }
      expect(await sideways(page)).toBe(0);
      await page.getByLabel('Entity type', { exact: true }).fill('ticket');
      await page.getByLabel('Take Ack as').selectOption('update');
      await page.getByText('Two calls are taken as update').waitFor();
      await page.getByLabel('Take Ack as').selectOption('');
      await page.getByRole('button', { name: 'Take over 2 calls' }).click();
      await page.getByText('2 calls written into ticket below').waitFor();
      await page.getByRole('button', { name: 'Save', exact: true }).click();
      await page.waitForURL('**/endpoints/soapy');
      const { settings, entityTypes } = (await api.must('GET', '/api/v1/endpoints/soapy')).body;
      expect(settings.namespaces).toEqual({ t: 'urn:parley:ticket:1' });
      expect(entityTypes).toMatchObject([{ name: 'ticket', operations: { create: { body: expect.stringContaining('<t:CreateTicket') }, update: { body: expect.stringContaining('<t:UpdateTicket') } } }]);
      target.reset();
      await page.goto('/endpoints/soapy/edit');
      await settled(page);
      await page.getByLabel('Choose a file').setInputFiles({ name: 'desk.wsdl', mimeType: 'text/xml', buffer: Buffer.from(wsdl) });
      await page.getByText('5 calls in desk.wsdl').waitFor();
      expect(target.seen).toEqual([]);
      await page.getByLabel('Choose a file').setInputFiles({ name: 'desk.txt', mimeType: 'text/plain', buffer: Buffer.from('no WSDL') });
      await page.locator('parley-wsdl-calls').getByText('/document').waitFor();
      await page.goto('/endpoints/_new?adapter=soap');
      await settled(page);
      await page.getByLabel('Name', { exact: true }).first().fill('Pasted desk');
      await page.getByText('Or paste its text').click();
      await page.getByLabel('Text of the WSDL').fill(wsdl);
      await page.getByRole('button', { name: 'Read this text' }).click();
      await page.getByText('5 calls in the pasted text').waitFor();
      expect(await violations(page)).toEqual([]);
      await house.shoot('wsdl-new');
      await page.getByLabel('Entity type', { exact: true }).fill('ticket');
      await page.getByRole('button', { name: 'Take over 2 calls' }).click();
      await page.getByRole('button', { name: 'Connect it' }).click();
      await page.waitForURL('**/endpoints/pasted-desk');
      expect((await api.must('GET', '/api/v1/endpoints/pasted-desk')).body).toMatchObject({ settings: { address: `${target.url}/soap` }, entityTypes: [{ name: 'ticket', operations: { create: {}, update: {} } }] });
      await page.goto('/endpoints');
      await settled(page);
      await api.must('DELETE', '/api/v1/endpoints/pasted-desk');
      house.takeTroubles(); // the browser itself notes the answer of 422
    } finally {
      await target.stop();
      await api.must('DELETE', '/api/v1/endpoints/soapy');
    }
  });
}
