import { expect, it } from '@jest/globals';
import type { House } from './house.js';
import { settled, sideways, violations } from './look.js';

const PARTNER = { email: 'partner@vendorx.example', password: 'a password for the partner' } as const;

/** Somebody of the other company looks at how their tickets fare, and is offered nothing else. */
export function partnerJourney(house: House): void {
  it('sees messages, deliveries and conversations, is told what is in trouble, and is led nowhere that is closed', async () => {
    const { api } = house;
    const { body: made } = await api.must('POST', '/api/v1/users', { ...PARTNER, name: 'Pat of Vendor X', role: 'partner' });
    await house.setFaults('b', { errorRate: '1', errorStatus: '422' });
    const ticket = await house.openTicket('a', 'Of two companies');
    const context = await house.newContext();
    const page = await house.newPage(context);
    try {
      await page.goto('/sign-in');
      await page.getByLabel('E-mail address').fill(PARTNER.email);
      await page.getByLabel('Password').fill(PARTNER.password);
      await page.getByRole('button', { name: 'Sign in', exact: true }).click();
      await page.waitForURL('**/overview');
      await page.getByRole('link', { name: /Dead deliver/ }).waitFor();
      expect((await page.getByRole('navigation', { name: 'Areas' }).getByRole('link').allTextContents()).slice(2)).toEqual(['Overview', 'Messages', 'Deliveries', 'Work lists']); // behind the way to the content, and home
      const { items } = (await api.must('GET', `/api/v1/messages?ticketId=${ticket}`)).body;
      const screens = [['overview', '/overview'], ['messages', '/messages'], ['message', `/messages/${items.at(-1).id}`], ['conversation', `/conversations/${items[0].conversationId}`], ['deliveries', '/deliveries?status=all'], ['work', '/work?list=dead']] as const;
      const found: string[] = [];
      for (const [name, path] of screens) {
        await page.goto(path);
        await settled(page);
        await house.shoot(`partner-${name}`, page);
        found.push(...(await violations(page)).map((line) => `${name}: ${line}`));
        if ((await sideways(page)) > 0) found.push(`${name} is wider than the window`);
        const links = await page.locator('a[href]').evaluateAll((all) => all.map((one) => (one as unknown as { getAttribute(name: string): string }).getAttribute('href')));
        found.push(...links.filter((href) => /^\/(rules|endpoints|administration|reports|work\/unmapped)\b/.test(href)).map((href) => `${name} leads to ${href}`));
        if ((await page.getByRole('button', { name: 'Endpoint', exact: true }).count()) > 0) found.push(`${name} asks for an endpoint`);
        if ((await page.getByRole('checkbox').count()) > 0) found.push(`${name} lets select`);
      }
      expect([...new Set(found)]).toEqual([]);
      expect(house.takeTroubles()).toEqual([]);
    } finally {
      await house.setFaults('b', { errorRate: '0', errorStatus: '500' });
      const { items: dead } = (await api.must('GET', '/api/v1/deliveries?status=DEAD')).body;
      for (const { id } of dead) await api.must('POST', `/api/v1/deliveries/${id}/skip`);
      await context.close();
      await api.must('DELETE', `/api/v1/users/${made.id}`);
    }
  });
}
