import { expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import type { House } from './house.js';
import { settled, sideways, violations, wear } from './look.js';

/** As `datetime-local` fields take it, in the zone of this machine, which is the browser's. */
const local = (ms: number): string => new Date(ms - new Date(ms).getTimezoneOffset() * 60_000).toISOString().slice(0, 16);

/** Someone plans when a tool is not to be sent to, sees what waits, and takes it back. */
export function maintenanceJourney(house: House): void {
  it('plans a maintenance, sees that a ticket waits for its end, and takes it back', async () => {
    const { page, api } = house;
    await page.goto('/endpoints/vendor_x');
    await settled(page);
    const panel = page.getByRole('region', { name: 'Maintenance' });
    await panel.getByLabel('How often').selectOption('weekly');
    await panel.getByRole('button', { name: 'Add', exact: true }).click();
    await panel.getByRole('alert').filter({ hasText: 'Choose at least one day.' }).waitFor();
    await panel.getByLabel('Sun', { exact: true }).check();
    await panel.getByLabel('Time zone').fill('Europe/Helsinki');
    await panel.getByRole('button', { name: 'Add', exact: true }).click();
    await panel.getByText('Sun at 02:00, 1 h (Europe/Helsinki)').waitFor();

    await panel.getByLabel('How often').selectOption('once');
    await panel.getByLabel('From', { exact: true }).fill(local(Date.now() - 60_000));
    await panel.getByLabel('To', { exact: true }).fill(local(Date.now() + 3_600_000));
    await panel.getByLabel('What it is for').fill('new release');
    await panel.getByRole('button', { name: 'Add', exact: true }).click();
    await panel.getByText('Under way until').waitFor();
    for (const theme of ['light', 'dark'] as const) {
      await wear(page, theme);
      expect(await violations(page)).toEqual([]);
      await panel.scrollIntoViewIfNeeded();
      await house.shoot(`maintenance-${theme}`);
    }
    await wear(page, 'light');
    expect(await sideways(page)).toBe(0);

    await house.openTicket('a', 'Waits for the other desk');
    await page.goto('/deliveries?status=all&endpoint=vendor_x');
    await page.getByText('Maintenance until').first().waitFor();
    await house.shoot('maintenance-deliveries');
    await page.goto('/endpoints');
    await page.getByText('Maintenance until').first().waitFor();
    await page.goto('/overview');
    await page.locator('.tiles').getByText('Maintenance', { exact: true }).waitFor();
    await house.shoot('maintenance-overview');

    await page.goto('/endpoints/vendor_x');
    for (let left = 2; left > 0; left -= 1) {
      await panel.getByRole('button', { name: /^Remove/ }).nth(left - 1).click();
      if (left > 1) await panel.getByText('new release').waitFor({ state: 'detached' });
    }
    await panel.getByText('No maintenance is planned.').waitFor();
    await eventually(async () => expect((await api.get('/api/v1/deliveries?status=QUEUED')).body.items).toEqual([]));
    expect(house.takeTroubles()).toEqual([]);
  });
}
