import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import type { House } from './house.js';
import { settled } from './look.js';

/** Looks at how deliveries fared, narrows that, and takes it home as a file. */
export function reportJourney(house: House): void {
  it('reads what was delivered this month, narrows it to nothing and back, and exports it', async () => {
    const { page } = house;
    await eventually(async () => {
      const { body } = await house.api.must('GET', '/api/v1/reports/service-levels');
      if (body.months[0].pairs.length === 0) throw new Error('nothing is counted yet');
    }, 90_000);
    await page.goto('/reports?zone=Asia/Tokyo');
    await settled(page);
    await page.getByText('still running').waitFor();
    expect(await page.getByLabel('Time zone').inputValue()).toBe('Asia/Tokyo');
    await page.getByLabel('Agreed time').selectOption({ label: '5 min' });
    await page.getByRole('columnheader', { name: 'Within 5 min' }).first().waitFor();
    await page.getByLabel('Last month').fill('2020-03');
    await page.getByLabel('Last month').blur();
    await page.getByText('Nothing matches these filters').waitFor();
    await house.shoot('reports-no-match');
    await page.getByRole('button', { name: 'Clear filters' }).last().click();
    await page.getByText('still running').waitFor();
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Export CSV' }).click()]);
    expect(file.suggestedFilename()).toMatch(/^service-levels-\d{4}-\d\d-\d{4}-\d\d\.csv$/);
    const [names, first] = readFileSync(await file.path(), 'utf8').split('\r\n');
    expect(names).toMatch(/^month,zone,from,until,complete,/);
    expect(first).toMatch(/,Asia\/Tokyo,.*,no,/);
    expect(house.takeTroubles()).toEqual([]);
  }, 150_000);
}
