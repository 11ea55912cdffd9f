import { expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import type { House } from './house.js';
import { settled, violations } from './look.js';

/** What somebody does when a tool refuses, and when a rule is to change. */
export function repairJourney(house: House): void {
  it('shows a dead delivery with what the target said, and sends it once the cause is gone', async () => {
    const { page, api } = house;
    await house.setFaults('b', { errorRate: '1', errorStatus: '422' });
    await house.openTicket('a', 'The lift is stuck');
    await eventually(async () => expect((await api.get('/api/v1/deliveries?status=DEAD')).body.items).toHaveLength(1));
    await page.goto('/overview');
    await page.getByRole('link', { name: /Dead delivery/ }).click();
    await page.waitForURL('**/deliveries?status=DEAD');
    await page.getByRole('row').filter({ hasText: '422' }).waitFor();
    await house.setFaults('b', { errorRate: '0', errorStatus: '500' });
    await page.getByRole('button', { name: 'Retry now' }).click();
    await page.getByText('It will be tried again now.').waitFor();
    await page.getByRole('heading', { name: 'No dead deliveries' }).waitFor();
    await eventually(async () => expect((await api.get('/api/v1/deliveries?status=SENT')).body.items.length).toBeGreaterThan(0));
    expect(house.takeTroubles()).toEqual([]);
  });

  it('changes what a dead delivery carries, and sends that', async () => {
    const { page, api } = house;
    await house.setFaults('b', { errorRate: '1', errorStatus: '422' });
    await house.openTicket('a', 'A titel with a mistake');
    await eventually(async () => expect((await api.get('/api/v1/deliveries?status=DEAD')).body.items).toHaveLength(1));
    await house.setFaults('b', { errorRate: '0', errorStatus: '500' });
    const [dead] = (await api.must('GET', '/api/v1/deliveries?status=DEAD')).body.items;
    await page.goto(`/messages/${dead.messageId}`);
    await page.locator('parley-attempts summary').first().click();
    await page.getByText('Request, as it was sent').waitFor();
    await page.getByText('Basic [hidden]').waitFor();
    await page.getByText('A titel with a mistake').first().waitFor();
    await page.getByRole('button', { name: 'Copy the request' }).waitFor();
    await page.getByRole('button', { name: 'Edit and resend' }).click();
    const attributes = page.getByLabel('Attributes, as JSON');
    const before = await attributes.inputValue();
    expect(await violations(page)).toEqual([]);
    await attributes.fill('{');
    await page.getByRole('button', { name: 'Save and send now' }).click();
    await page.getByText('This is no JSON').waitFor();
    await attributes.fill(before.replace('titel', 'title'));
    await page.getByLabel('Why (for the audit log)').fill('A typing error');
    await page.getByRole('button', { name: 'Save and send now' }).click();
    await page.getByText('Changed. It is sent again now.').waitFor();
    await eventually(async () => expect((await api.get(`/api/v1/deliveries/${dead.id}`)).body).toMatchObject({ state: 'SENT', attributes: { title: 'A title with a mistake' } }));
    expect(house.takeTroubles()).toEqual([]);
  });

  it('retries many at once: first the plan, then what came of it', async () => {
    const { page, api } = house;
    await house.setFaults('b', { errorRate: '1', errorStatus: '422' });
    for (const title of ['One', 'Two', 'Three']) await house.openTicket('a', title);
    await eventually(async () => expect((await api.get('/api/v1/deliveries?status=DEAD')).body.items).toHaveLength(3));
    await house.setFaults('b', { errorRate: '0', errorStatus: '500' });
    await page.goto('/deliveries?status=DEAD');
    await page.getByRole('button', { name: 'Retry all…' }).click();
    await page.getByText('This is about 3:').waitFor();
    expect(await violations(page)).toEqual([]);
    await house.shoot('bulk-plan');
    await page.getByRole('button', { name: 'Retry them' }).click();
    await page.getByText('3 done.').waitFor();
    await page.getByRole('button', { name: 'Close' }).click();
    await page.getByRole('heading', { name: 'No dead deliveries' }).waitFor();
    await eventually(async () => expect((await api.get('/api/v1/deliveries?status=DEAD')).body.items).toHaveLength(0));
    expect(house.takeTroubles()).toEqual([]);
  });

  it('acts on all that the filters of the feed find, whatever of it is shown', async () => {
    const { page, api } = house;
    await house.setFaults('b', { errorRate: '1', errorStatus: '422' });
    for (const title of ['A zebra', 'Another zebra', 'A horse']) await house.openTicket('a', title);
    await eventually(async () => expect((await api.get('/api/v1/deliveries?status=DEAD')).body.items).toHaveLength(3));
    await house.setFaults('b', { errorRate: '0', errorStatus: '500' });
    await page.goto('/messages?said=ZEBRA&endpoint=acme');
    await settled(page);
    await page.getByRole('button', { name: 'All that match' }).click();
    expect(await page.getByRole('menuitem').allTextContents()).toHaveLength(4);
    expect(await violations(page)).toEqual([]);
    await house.shoot('all-that-match');
    await page.getByRole('menuitem', { name: 'Retry their deliveries that wait…' }).click();
    await page.getByText('This is about 2:').waitFor();
    await page.getByRole('button', { name: 'Retry them' }).click();
    await page.getByText('2 done.').waitFor();
    await page.getByRole('button', { name: 'Close' }).click();
    await eventually(async () => expect((await api.get('/api/v1/deliveries?status=DEAD')).body.items).toHaveLength(1));
    const [{ id }] = (await api.must('GET', '/api/v1/deliveries?status=DEAD')).body.items;
    await api.must('POST', `/api/v1/deliveries/${id}/skip`);
    expect(house.takeTroubles()).toEqual([]);
  });

  it('acts on the rows that were selected, and leaves the others alone', async () => {
    const { page, api } = house;
    await house.setFaults('b', { errorRate: '1', errorStatus: '422' });
    for (const title of ['Four', 'Five', 'Six']) await house.openTicket('a', title);
    await eventually(async () => expect((await api.get('/api/v1/deliveries?status=DEAD')).body.items).toHaveLength(3));
    await house.setFaults('b', { errorRate: '0', errorStatus: '500' });
    await page.goto('/messages');
    await settled(page);
    await page.keyboard.press('j');
    await page.keyboard.press('x');
    await page.keyboard.press('j');
    await page.keyboard.press('x');
    await page.getByRole('toolbar', { name: '2 selected' }).waitFor();
    expect(await violations(page)).toEqual([]);
    await house.shoot('selected-messages');
    await page.getByRole('button', { name: 'Select none' }).click();
    await page.goto('/deliveries?status=DEAD');
    await page.getByRole('checkbox', { name: 'Select all that are shown' }).check();
    await page.getByRole('toolbar', { name: '3 selected' }).waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('x');
    await page.getByRole('toolbar', { name: '2 selected' }).waitFor();
    await page.getByRole('button', { name: 'Skip 2 deliveries…' }).click();
    const skip = page.getByRole('button', { name: 'Skip them' });
    await skip.waitFor();
    expect(await skip.isDisabled()).toBe(true);
    await page.getByLabel('Confirmation').fill('skip 2');
    await skip.click();
    await page.getByText('2 done.').waitFor();
    await page.getByRole('button', { name: 'Close' }).click();
    await eventually(async () => expect((await api.get('/api/v1/deliveries?status=DEAD')).body.items).toHaveLength(1));
    await page.goto('/work?list=dead');
    await page.getByRole('checkbox', { name: /^Select / }).first().check();
    await page.getByRole('button', { name: 'Retry 1 delivery…' }).click();
    await page.getByRole('button', { name: 'Retry them' }).click();
    await page.getByText('1 done.').waitFor();
    await page.getByRole('button', { name: 'Close' }).click();
    await page.getByRole('heading', { name: 'No dead deliveries' }).waitFor();
    expect(house.takeTroubles()).toEqual([]);
  });

  it('puts another version of a rule into use, and takes it back', async () => {
    const { page, api } = house;
    const { items } = (await api.must('GET', '/api/v1/rules')).body;
    const rule = items.find(({ name }: { name: string }) => name.endsWith('open the ticket there'));
    const { ruleId } = rule;
    const { body: document } = await api.must('GET', `/api/v1/rules/${ruleId}`);
    const current = async (): Promise<number> => (await api.must('GET', `/api/v1/rules/${ruleId}`)).body.version;
    const before = await current();
    await api.must('POST', `/api/v1/rules/${ruleId}/versions`, { ...document, priority: 7, current: false, changeDescription: 'First among the rules of its desk' });
    const made = before + 1;
    await page.goto(`/rules/${ruleId}?version=${made}`);
    for (const version of [made, before]) {
      await page.goto(`/rules/${ruleId}?version=${version}`);
      await page.getByRole('button', { name: `Make version ${version} current` }).click();
      await eventually(async () => expect(await current()).toBe(version));
    }
    expect(house.takeTroubles()).toEqual([]);
  });
}
