import { expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { eventually } from '../support/eventually.js';
import type { House } from './house.js';
import { settled, violations } from './look.js';

/** As a spreadsheet copies it: names of columns, tabs, line ends of Windows. */
const PRIORITIES = 'priority\tpriority\r\n1\tCritical\r\n2\tHigh\r\n3\tMedium\r\n4\tLow\r\n';

interface Desk {
  readonly name: string;
  readonly title: string;
}

/** Somebody builds an integration of two desks, watches it work and changes it, without leaving the browser. */
export function buildRuleJourney(house: House): void {
  let desks: readonly Desk[] = [];

  it('connects two desks that speak of priorities differently', async () => {
    const { page } = house;
    await house.makeOrganization('Builders', 'builders');
    await page.goto('/first-run');
    for (const name of ['Service desk', 'Vendor desk']) {
      await page.getByRole('button', { name: 'Use a sandbox desk' }).click();
      await page.getByText(`${name} is connected.`).waitFor();
    }
    desks = (await ask<{ items: Desk[] }>(page, 'GET', '/api/v1/sandboxes')).items;
    await ask(page, 'PATCH', `/api/v1/sandboxes/${deskOf(desks, 'Vendor desk')}`, { options: { priorities: ['Critical', 'High', 'Medium', 'Low'] } });
    await house.openTicket(deskOf(desks, 'Service desk'), 'Nobody hears of this one');
    await eventually(async () => expect((await ask<{ items: unknown[] }>(page, 'GET', '/api/v1/messages?state=NO_ROUTE')).items).toHaveLength(1));
    expect(house.takeTroubles()).toEqual([]);
  });

  it('builds a rule with a table that is pasted from a spreadsheet, and sees what it makes of a real message', async () => {
    const { page } = house;
    await page.goto('/rules');
    await page.getByRole('link', { name: 'New rule' }).first().click();
    await page.getByLabel('Name', { exact: true }).fill('Tickets go to the vendor');
    await page.getByRole('group', { name: 'From' }).getByLabel('From').selectOption({ label: await optionOf(page, 'From', 'Service desk') });
    await page.getByRole('group', { name: 'To' }).getByLabel('To').selectOption({ label: await optionOf(page, 'To', 'Vendor desk') });
    await page.getByRole('link', { name: /^Mappings/ }).click();
    await page.getByRole('button', { name: 'Add a mapping' }).click();
    await page.getByLabel('Target of mapping 1').fill('title');
    await page.getByLabel('Template of mapping 1').fill('${title}');
    await page.getByLabel('Template of mapping 1').press('Escape');
    await page.getByRole('row').filter({ hasText: '→ Nobody hears of this one' }).waitFor();
    await page.getByRole('button', { name: 'Add a table' }).click();
    await page.getByLabel('Looks at 1').fill('priority');
    await page.getByLabel('Writes 1').fill('priority');
    await page.getByLabel('Writes 1').press('Escape');
    await pasteInto(page, page.getByRole('grid'), PRIORITIES);
    await page.getByRole('gridcell', { name: 'Medium' }).waitFor();
    expect(await page.getByRole('grid').getByRole('row').count()).toBe(5);
    await page.getByRole('row').filter({ hasText: 'table of 4 rows' }).filter({ hasText: '→ High' }).waitFor();
    expect(await violations(page)).toEqual([]);
    await house.shoot('rule-table');
    expect(house.takeTroubles()).toEqual([]);
  });

  it('saves it, uses it, and watches a ticket arrive', async () => {
    const { page } = house;
    await page.keyboard.press('Control+s');
    await page.getByLabel('What does it change, in a few words?').fill('The first rule');
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Save and use' }).click();
    await page.waitForURL(/\/rules\/(?!_new)/);
    await page.getByRole('heading', { name: 'Tickets go to the vendor' }).waitFor();
    await page.goto('/messages');
    await settled(page);
    const ticket = await house.openTicket(deskOf(desks, 'Service desk'), 'The coffee machine leaks');
    await page.getByRole('button', { name: /^\d+ new$/ }).click();
    const row = page.getByRole('row').filter({ hasText: ticket }).filter({ hasText: 'Vendor desk' });
    await row.getByText('Sent').waitFor();
    await row.locator('.row-link').click();
    await page.getByText('Attributes sent').first().click();
    await page.locator('.sent').getByText('High', { exact: true }).waitFor();
    await page.getByRole('link', { name: 'Conversation' }).click();
    await page.getByRole('heading', { name: new RegExp(`${ticket} ⇄ VD-\\d+`) }).waitFor();
    expect(house.takeTroubles()).toEqual([]);
  });

  it('writes another version aside, sees what it changes, and promotes it', async () => {
    const { page } = house;
    await page.goto('/rules');
    await page.getByRole('link', { name: 'Tickets go to the vendor' }).click();
    await page.getByRole('link', { name: 'Edit' }).click();
    await page.getByRole('link', { name: /^Mappings/ }).click();
    await page.getByRole('button', { name: 'Details: table of 4 rows' }).click();
    const cell = page.getByRole('gridcell', { name: 'High' });
    await cell.dblclick();
    await cell.getByRole('textbox').fill('Critical');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Save…' }).click();
    await page.getByLabel('What does it change, in a few words?').fill('2 is urgent, too');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('Version 2 is saved.').waitFor();
    await page.getByRole('complementary', { name: 'Versions' }).getByRole('link', { name: /v2/ }).click();
    await page.getByText('This is version 2; version 1 is in use.').waitFor();
    await page.getByRole('link', { name: 'Changes' }).click();
    await page.getByRole('heading', { name: 'What version 2 changes' }).waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Make version 2 current' }).click();
    await page.getByText('Version 2 is current.').waitFor();
    const ticket = await house.openTicket(deskOf(desks, 'Service desk'), 'The coffee machine burns');
    await eventually(async () => {
      const { items } = await ask<{ items: { deliveries: { id: string }[] }[] }>(page, 'GET', `/api/v1/messages?ticketId=${ticket}`);
      const [sent] = items.flatMap(({ deliveries }) => deliveries);
      if (sent === undefined) throw new Error('nothing is sent yet');
      expect(await ask(page, 'GET', `/api/v1/deliveries/${sent.id}`)).toMatchObject({ state: 'SENT', ruleVersion: 2, attributes: { priority: 'Critical' } });
    });
    expect(house.takeTroubles()).toEqual([]);
  });

  it('goes home', async () => {
    await house.goToOrganization('Default');
    expect(house.takeTroubles()).toEqual([]);
  });
}

const deskOf = (desks: readonly Desk[], title: string): string => desks.find((one) => one.title === title)?.name ?? `no desk ${title}`;

/** What the list of endpoints calls one of them: its name and its id. */
async function optionOf(page: Page, list: string, name: string): Promise<string> {
  const option = page.getByRole('group', { name: list }).getByLabel(list).getByRole('option').filter({ hasText: name });
  await option.waitFor({ state: 'attached' });
  return option.innerText();
}

/** Copies a text elsewhere and pastes it here, by the keys. */
async function pasteInto(page: Page, place: ReturnType<Page['locator']>, text: string): Promise<void> {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.evaluate((copied) => (globalThis as unknown as { navigator: { clipboard: { writeText(text: string): Promise<void> } } }).navigator.clipboard.writeText(copied), text);
  await place.focus();
  await page.keyboard.press('Control+v');
}

/** Asks the API as the person who sits before the browser. */
async function ask<T>(page: Page, method: string, path: string, body?: unknown): Promise<T> {
  return page.evaluate(async ([how, where, what]) => {
    const answer = await fetch(String(where), { method: String(how), ...(what === undefined ? {} : { body: JSON.stringify(what), headers: { 'content-type': 'application/json' } }) });
    if (!answer.ok) throw new Error(`${String(how)} ${String(where)}: ${answer.status} ${await answer.text()}`);
    return answer.json() as Promise<never>;
  }, [method, path, body] as const);
}
