import { expect, it } from '@jest/globals';
import type { House } from './house.js';
import { settled, shifts, watchShifts } from './look.js';

/** A ticket's way, as somebody watches it. */
export function ticketJourney(house: House): void {
  let ticket = '';

  it('shows the first ticket as it arrives, without a reload', async () => {
    const { page } = house;
    await page.goto('/messages');
    await page.getByRole('heading', { name: 'No message has arrived yet' }).waitFor();
    ticket = await house.openTicket('a', 'The printer is on fire');
    const row = page.getByRole('row').filter({ hasText: ticket }).filter({ hasText: 'Vendor X desk' });
    await row.first().getByText('Sent').waitFor();
  });

  it('lets later ones wait behind a button, so that no row moves', async () => {
    const { page } = house;
    await settledRows(house);
    await page.reload();
    await settled(page);
    const first = page.locator('tbody tr').first();
    const place = await first.boundingBox();
    const words = await first.innerText();
    await watchShifts(page);
    const second = await house.openTicket('a', 'The scanner is cold');
    const news = page.getByRole('button', { name: /^\d+ new$/ });
    await news.waitFor();
    expect(await first.boundingBox()).toEqual(place);
    expect(await first.innerText()).toBe(words);
    expect(await shifts(page)).toBe(0);
    await page.keyboard.press('n');
    await page.getByRole('row').filter({ hasText: second }).first().waitFor();
  });

  it('opens its conversation: both tools side by side, and why', async () => {
    const { page } = house;
    await page.goto(`/messages?ticketId=${ticket}`);
    await page.locator('tbody .row-link').last().click();
    await page.getByRole('heading', { name: ticket }).waitFor();
    await page.getByText('1 rule was executed', { exact: false }).waitFor();
    await page.getByRole('link', { name: 'Conversation' }).click();
    await page.getByRole('heading', { name: new RegExp(`${ticket} ⇄ VX-\\d+`) }).waitFor();
    await page.getByText('CREATE').first().waitFor();
    expect(house.takeTroubles()).toEqual([]);
  });

  it('can be walked by keys: / searches, j and k walk, Enter opens, ? helps', async () => {
    const { page } = house;
    await page.goto('/messages');
    await settled(page);
    await page.keyboard.press('/');
    expect(await page.evaluate('document.activeElement?.getAttribute("type")')).toBe('search');
    await page.keyboard.press('Escape');
    const place = (): Promise<number> => page.evaluate('[...document.querySelectorAll(".row-link")].indexOf(document.activeElement)');
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    expect(await place()).toBe(1);
    await page.keyboard.press('k');
    expect(await place()).toBe(0);
    await page.keyboard.press('Enter');
    await page.waitForURL('**/messages/*');
    await page.keyboard.press('?');
    await page.getByRole('dialog').getByText('Next row').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.keyboard.press('g');
    await page.keyboard.press('e');
    await page.waitForURL('**/endpoints');
  });
}

/** Waits until nothing of the first ticket is under way any more. */
async function settledRows(house: House): Promise<void> {
  const { page } = house;
  await page.getByRole('row').filter({ hasText: 'Echo' }).first().or(page.getByRole('button', { name: /^\d+ new$/ })).waitFor();
}
