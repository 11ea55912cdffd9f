import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import type { House } from './house.js';
import { settled, violations } from './look.js';

/** What somebody looks up: what a system has, who changed what, what was sent and remembered. */
export function exploreJourney(house: House): void {
  it('connects a known system: only what its owner knows is asked for', async () => {
    const { page, api } = house;
    await page.goto('/endpoints');
    await page.getByRole('link', { name: 'Connect a system' }).click();
    await page.getByRole('link', { name: /^ServiceNow(?! by)/ }).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('servicenow');
    await page.getByRole('link', { name: /^Jira Cloud/ }).waitFor({ state: 'detached' });
    expect(await violations(page)).toEqual([]);
    await page.getByRole('link', { name: /^ServiceNow(?! by)/ }).click();
    await page.getByRole('heading', { name: 'To fill in' }).waitFor();
    await page.getByRole('button', { name: 'Connect it' }).click();
    await page.getByText('Fill this in.').first().waitFor();
    expect(await violations(page)).toEqual([]);
    await house.shoot('preset');
    const fields = page.locator('parley-preset-blanks input');
    await fields.first().fill('https://acme.service-now.com');
    for (let at = 1; at < (await fields.count()); at += 1) await fields.nth(at).fill('a-value-of-twenty-letters');
    await page.getByRole('button', { name: 'Connect it' }).click();
    await page.waitForURL('**/endpoints/servicenow');
    const { body } = await api.must('GET', '/api/v1/endpoints/servicenow');
    expect(body).toMatchObject({ name: 'ServiceNow', adapter: 'rest', settings: { baseUrl: 'https://acme.service-now.com' } });
    expect(JSON.stringify(body.settings.auth)).not.toContain('"password":"a-value');
    await page.getByRole('button', { name: 'Remove' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await page.waitForURL('**/endpoints');
    expect(house.takeTroubles()).toEqual([]);
  });

  it('tests a connection in its three steps, and says at which one it fails', async () => {
    const { page } = house;
    await page.goto('/endpoints/vendor_x');
    for (const [faults, rights] of [[{ errorRate: '1', errorStatus: '500' }, 'failed'], [{ errorRate: '0', errorStatus: '500' }, 'worked']] as const) {
      await house.setFaults('b', faults);
      await page.getByRole('button', { name: 'Test connection' }).click();
      for (const step of ['Network worked', 'Authentication worked', `Rights ${rights}`]) await page.getByRole('listitem').filter({ hasText: step }).waitFor();
    }
    expect(await violations(page)).toEqual([]);
    expect(house.takeTroubles()).toEqual([]);
  });

  it('shows what a system has: its own description beside what messages carried', async () => {
    const { page } = house;
    await page.getByRole('link', { name: 'Explore its fields' }).click();
    await page.getByRole('heading', { name: 'What Vendor X desk has' }).waitFor();
    await page.getByRole('row').filter({ hasText: 'priority' }).filter({ hasText: 'Critical, High, Medium, Low' }).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('prio');
    await page.waitForURL(/search=prio/);
    await page.getByRole('row').filter({ hasText: 'title' }).waitFor({ state: 'detached' });
    expect(await page.locator('tbody tr').count()).toBe(1);
    expect(house.takeTroubles()).toEqual([]);
  });

  it('shows of a message what was sent and what its conversation remembered', async () => {
    const { page, api } = house;
    await api.must('POST', '/api/v1/rules', {
      name: 'Count what is said', action: 'PROCESS_ONLY', sourceSystemId: 'acme', sourceEntityType: 'ticket', enabled: true, current: true, changeDescription: 'How often somebody wrote',
      conversationAttributeMappings: [{ type: 'Single', template: '${priority}', targetAttribute: 'sf:conversation:lastPriority' }, { type: 'CounterIncrement', counterName: 'sf:conversation:counter:messages' }],
    });
    const ticket = await house.openTicket('a', 'The blinds are stuck');
    let message = '';
    await eventually(async () => {
      const found = (await api.must('GET', `/api/v1/messages?ticketId=${ticket}&endpoint=acme`)).body.items.at(-1);
      expect(found?.deliveries[0]?.state).toBe('SENT');
      message = found.id;
    });
    await page.goto(`/messages/${message}`);
    await page.locator('parley-attempts summary').first().click();
    await page.getByText('Request', { exact: true }).click();
    await page.getByText('As it was sent').waitFor();
    await page.getByText('/sandbox/b/api/tickets').waitFor();
    await page.getByRole('tab', { name: 'Memory' }).click();
    await page.getByRole('row').filter({ hasText: 'lastPriority' }).filter({ hasText: 'nothing' }).waitFor();
    expect(await violations(page)).toEqual([]);
    await house.shoot('message-memory');
    await page.getByRole('link', { name: 'Try another version' }).click();
    await page.getByRole('combobox', { name: 'Message', exact: true }).getByRole('option', { selected: true }).filter({ hasText: ticket }).waitFor({ state: 'attached' });
    await page.locator('parley-bench .verdict').waitFor();
    await house.shoot('test-bench');
    expect(house.takeTroubles()).toEqual([]);
  });

  it('takes one conversation apart that is two matters', async () => {
    const { page, api } = house;
    const ticket = await house.openTicket('a', 'Two things at once');
    let conversation = '';
    await eventually(async () => {
      const [found] = (await api.must('GET', `/api/v1/conversations?ticketId=${ticket}`)).body.items;
      expect(found?.tickets.filter(({ ticketId }: { ticketId: string | null }) => ticketId !== null)).toHaveLength(2);
      conversation = found.id;
    });
    await page.goto(`/conversations/${conversation}`);
    await page.getByRole('button', { name: 'Split…' }).click();
    await page.getByRole('radio', { name: /Vendor X desk/ }).check();
    await page.getByText(/go along\.|goes along\./).waitFor();
    expect(await violations(page)).toEqual([]);
    await house.shoot('split');
    await page.getByLabel('Why (for the audit log)').fill('They were two matters');
    await page.getByRole('button', { name: 'Split it off' }).click();
    await page.getByRole('heading', { name: /^VX-\d+$/ }).waitFor();
    await page.getByText('Split off.').waitFor();
    expect(house.takeTroubles()).toEqual([]);
  });

  it('finds in the audit log who did what, checks the chain and takes it along', async () => {
    const { page } = house;
    await page.goto('/administration/audit');
    await settled(page);
    await page.getByRole('button', { name: 'What', exact: true }).click();
    await page.getByRole('menuitemradio', { name: 'Conversations' }).click();
    await page.waitForURL(/action=conversation/);
    const row = page.getByRole('row').filter({ hasText: 'conversation.split' });
    await row.waitFor();
    await eventually(async () => expect(await page.getByRole('row').filter({ hasText: 'rule.' }).count()).toBe(0));
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.getByRole('region', { name: /^Details of entry/ }).getByText('They were two matters').waitFor();
    await page.getByRole('button', { name: 'Verify the chain' }).click();
    await page.getByText(/^The chain is whole: \d+ entries\.$/).waitFor();
    expect(await violations(page)).toEqual([]);
    await house.shoot('audit-log');
    await page.getByRole('button', { name: 'Export' }).click();
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: /JSON lines/ }).click()]);
    expect(file.suggestedFilename()).toBe('audit-log.ndjson');
    const lines = readFileSync(await file.path(), 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line) as { action: string; hash: string });
    expect(lines).toEqual([expect.objectContaining({ action: 'conversation.split', hash: expect.stringMatching(/^[0-9a-f]{64}$/) })]);
    expect(house.takeTroubles()).toEqual([]);
  });

  it('finds a message by a text in it', async () => {
    const { page } = house;
    await page.goto('/messages');
    await settled(page);
    await page.getByRole('searchbox', { name: 'Text in it' }).fill('blinds are');
    await page.keyboard.press('Enter');
    await page.waitForURL(/said=blinds/);
    await page.getByRole('row').filter({ hasText: 'Acme service desk' }).first().waitFor();
    await eventually(async () => expect(await page.locator('tbody tr').count()).toBeLessThan(6));
    expect(house.takeTroubles()).toEqual([]);
  });
}
