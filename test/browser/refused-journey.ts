import { expect, it } from '@jest/globals';
import { API_KEY } from '../support/application.js';
import { eventually } from '../support/eventually.js';
import type { House } from './house.js';
import { settled, sideways, violations, wear } from './look.js';

/** Somebody's tool cannot get through: why, and what to do. */
export function refusedJourney(house: House): void {
  it('tells where nothing arrived that something was refused, why, from where, and what to do', async () => {
    const { page, api } = house;
    const answer = await fetch(`${house.url}/api/v1/inbound/acme/ticket`, {
      method: 'POST', headers: { authorization: `Bearer ${API_KEY}`, 'content-type': 'application/json', 'x-request-id': 'first-try' }, body: JSON.stringify({ type: 'ticket.created', password: 'theirs', ticket: { id: 'SD-1' } }),
    });
    expect(answer.status).toBe(401);
    await eventually(async () => expect((await api.must('GET', '/api/v1/refused-requests')).body.items).toHaveLength(1));
    await page.goto('/messages');
    await page.getByRole('heading', { name: 'No message has arrived yet' }).waitFor();
    await page.getByText('A request was refused').waitFor();
    expect(await violations(page)).toEqual([]);
    await house.shoot('messages-none');
    await page.getByRole('link', { name: 'See what was refused' }).click();
    await page.getByRole('heading', { name: 'Refused requests' }).waitFor();
    await page.getByText('Turn signing on at the sender').waitFor();
    await page.getByText('first-try').waitFor();
    expect(await page.getByText('theirs').count()).toBe(0);
    for (const theme of ['dark', 'light'] as const) {
      await wear(page, theme);
      expect(await violations(page, theme === 'light' ? {} : { only: 'colours' })).toEqual([]);
      await house.shoot(`refused-${theme}`);
    }
    expect(await sideways(page)).toBe(0);
    await page.getByRole('button', { name: 'Endpoint', exact: true }).click();
    await page.getByRole('menuitemradio', { name: 'Vendor X desk' }).click();
    await page.getByRole('heading', { name: 'This endpoint refused nothing' }).waitFor();
    expect(house.takeTroubles()).toEqual([]);
  });

  it('is led there from the health of its endpoint, and opens and closes it by the keys', async () => {
    const { page } = house;
    await page.goto('/endpoints/acme');
    await settled(page);
    await page.getByRole('link', { name: 'Not signed' }).click();
    await page.getByText('Turn signing on at the sender').waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.getByText('Turn signing on at the sender').waitFor({ state: 'detached' });
    await page.keyboard.press('Enter');
    await page.getByText('Turn signing on at the sender').waitFor();
    await page.getByRole('link', { name: 'Open the endpoint' }).click();
    await page.waitForURL('**/endpoints/acme');
    expect(house.takeTroubles()).toEqual([]);
  });
}
