import { expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import type { House } from './house.js';
import { settled, sideways, violations, wear } from './look.js';

/** What somebody does when a table lacks a row. */
export function unmappedJourney(house: House): void {
  it('sees which value a table had no row for, adds the row, and the value is gone', async () => {
    const { page, api } = house;
    const { body } = await api.must('POST', '/api/v1/rules', {
      name: 'Acme: remember how bad it is', changeDescription: 'For a value without a row', action: 'PROCESS_ONLY', sourceSystemId: 'acme', sourceEntityType: 'ticket',
      conversationAttributeMappings: [{ type: 'Table', sources: ['priority'], targets: ['badness'], rows: [{ when: ['9'], then: ['very'] }] }],
    });
    await house.openTicket('a', 'How bad is it?');
    await eventually(async () => expect((await api.must('GET', `/api/v1/unmapped-values?rule=${body.ruleId}`)).body.items).toHaveLength(1));
    await page.goto('/overview');
    await page.getByRole('link', { name: /Unmapped value/ }).click();
    await page.waitForURL('**/work/unmapped');
    await page.getByRole('row').filter({ hasText: '2' }).last().waitFor();
    for (const theme of ['dark', 'light'] as const) {
      await wear(page, theme);
      expect(await violations(page)).toEqual([]);
      await house.shoot(`unmapped-${theme}`);
    }
    expect(await sideways(page)).toBe(0);
    await page.keyboard.press('j');
    await page.keyboard.press('x');
    await page.getByRole('toolbar', { name: '1 selected' }).getByRole('button', { name: 'Seen' }).click();
    await page.getByText('It is counted on, and wants no attention.').waitFor();
    await page.getByRole('heading', { name: 'Every value had its row' }).waitFor();
    await page.goto('/work/unmapped?seen=true');
    await page.getByRole('link', { name: 'Add a row' }).click();
    await page.waitForURL(`**/rules/${body.ruleId}/edit?**section=conversation**`);
    await settled(page);
    await page.getByRole('gridcell', { name: '2', exact: true }).waitFor();
    expect(await page.getByRole('grid').getByRole('row').count()).toBe(3);
    await house.shoot('unmapped-row');
    await page.getByRole('gridcell').last().dblclick();
    await page.keyboard.type('somewhat');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Save…' }).click();
    await page.getByRole('dialog').getByRole('textbox').first().fill('A row for 2');
    await page.getByRole('button', { name: 'Save and set as current' }).click();
    await page.waitForURL(`**/rules/${body.ruleId}`);
    expect((await api.must('GET', `/api/v1/rules/${body.ruleId}`)).body.conversationAttributeMappings[0].rows).toEqual([{ when: ['9'], then: ['very'] }, { when: ['2'], then: ['somewhat'] }]);
    await page.goto('/work/unmapped?seen=true');
    await settled(page);
    await page.getByText('Nothing matches these filters').waitFor();
    const ticket = await house.openTicket('a', 'It is somewhat bad');
    await eventually(async () => expect((await api.must('GET', '/api/v1/messages?conversationAttribute=badness%3Dsomewhat')).body.items.length).toBeGreaterThan(0));
    await page.goto('/messages');
    await page.getByRole('searchbox', { name: 'Conversation attribute' }).fill('Badness = SOMEWHAT');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/messages?conversation.Badness=SOMEWHAT');
    await page.getByRole('row').filter({ hasText: ticket }).first().waitFor();
    expect(await violations(page)).toEqual([]);
    await house.shoot('messages-remembered');
    await page.getByRole('button', { name: 'Without Badness=SOMEWHAT' }).click();
    await page.waitForURL(/\/messages$/);
    await api.must('DELETE', `/api/v1/rules/${body.ruleId}`);
    expect(house.takeTroubles()).toEqual([]);
  });
}
