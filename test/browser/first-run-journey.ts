import { expect, it } from '@jest/globals';
import type { House } from './house.js';
import { settled, violations } from './look.js';

/** From nothing to the first ticket, in an organization of one's own. */
export function firstRunJourney(house: House): void {
  it('makes an organization, connects two desks, chooses a template, opens a ticket and sees it arrive', async () => {
    const { page } = house;
    await house.makeOrganization('Newcomers', 'newcomers');
    await page.getByRole('link', { name: 'Begin' }).click();
    await settled(page);
    for (const name of ['Service desk', 'Vendor desk']) {
      await page.getByRole('button', { name: 'Use a sandbox desk' }).click();
      await page.getByText(`${name} is connected.`).waitFor();
    }
    await page.getByRole('radio', { name: /One ticket at two desks/ }).waitFor();
    expect(await violations(page)).toEqual([]);
    await house.shoot('first-run-template');
    await page.getByRole('button', { name: 'Use this template' }).click();
    await page.getByRole('button', { name: 'Open the ticket' }).click();
    await page.getByText(/arrived after/).waitFor();
    expect(await violations(page)).toEqual([]);
    await house.shoot('first-run-done');
    await page.getByRole('link', { name: 'Open the conversation' }).click();
    await page.getByRole('heading', { name: /SD-\d+ ⇄ VD-\d+/ }).waitFor();
    expect(house.takeTroubles()).toEqual([]);
  });

  it('goes back to where there was work', async () => {
    await house.goToOrganization('Default');
    expect(house.takeTroubles()).toEqual([]);
  });
}
