import { expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import type { House } from './house.js';
import { settled, sideways, violations, wear } from './look.js';

/** What somebody does about messages that rules hold back. */
export function delayJourney(house: House): void {
  it('sees what is delayed and why, releases one and cancels the rest', async () => {
    const { page, api } = house;
    const source = { sourceSystemId: 'acme', sourceEntityType: 'ticket', delayConditions: [{ type: 'Time', seconds: 3_600 }], changeDescription: 'For what is delayed' };
    const made = [
      { ...source, name: 'Acme: remind Vendor X', targetSystemId: 'vendor_x', targetEntityType: 'ticket', mappings: [{ type: 'Single', template: '${title} (reminder)', targetAttribute: 'title' }] },
      { ...source, name: 'Acme: remember that it is late', action: 'PROCESS_ONLY', conversationAttributeMappings: [{ type: 'Single', template: 'yes', targetAttribute: 'late' }] },
    ];
    const rules: string[] = [];
    for (const rule of made) rules.push((await api.must('POST', '/api/v1/rules', rule)).body.ruleId as string);
    const waiting = async (): Promise<{ rule: string; ticketId: string }[]> => (await api.must('GET', '/api/v1/delayed-executions?state=WAITING')).body.items;
    const first = await house.openTicket('a', 'Nobody looks at it');
    await house.openTicket('a', 'Nor at this');
    await eventually(async () => expect(await waiting()).toHaveLength(4));
    await page.goto('/work?list=delayed');
    await page.getByRole('link', { name: /Acme: remember that it is late waits for its time/ }).click();
    const row = page.getByRole('row').filter({ hasText: first });
    await row.waitFor();
    await settled(page);
    for (const theme of ['dark', 'light'] as const) {
      await wear(page, theme);
      expect(await violations(page, theme === 'light' ? {} : { only: 'colours' })).toEqual([]);
      await house.shoot(`delayed-${theme}`);
    }
    expect(await sideways(page)).toBe(0);
    await row.getByRole('checkbox').check();
    await page.getByRole('toolbar', { name: '1 selected' }).getByRole('button', { name: 'Release 1 delayed execution…' }).click();
    await page.getByText('This is about one:').waitFor();
    await page.getByRole('button', { name: 'Release them now' }).click();
    await page.getByText('1 done.').waitFor();
    await page.getByRole('button', { name: 'Close' }).click();
    await eventually(async () => expect((await api.must('GET', '/api/v1/messages?conversationAttribute=late%3Dyes')).body.items.length).toBeGreaterThan(0));
    await row.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Cancel all…' }).click();
    await page.getByText('This is about 3:').waitFor();
    const cancel = page.getByRole('button', { name: 'Cancel them' });
    expect(await cancel.isDisabled()).toBe(true);
    await house.shoot('delayed-plan');
    expect(await violations(page)).toEqual([]);
    await page.getByLabel('Confirmation').fill('cancel 3');
    await cancel.click();
    await page.getByText('3 done.').waitFor();
    await page.getByRole('button', { name: 'Close' }).click();
    await page.getByRole('heading', { name: 'Nothing waits for its delay' }).waitFor();
    expect(await waiting()).toEqual([]);
    expect((await api.must('GET', '/api/v1/audit?action=bulk.delayed-execution.cancel')).body.items).toHaveLength(1);
    for (const rule of rules) await api.must('DELETE', `/api/v1/rules/${rule}`);
    expect(house.takeTroubles()).toEqual([]);
  });
}
