import { expect, it } from '@jest/globals';
import type { House } from './house.js';
import { COLOURS, settled, sideways, violations, wear } from './look.js';

/** Every screen of the console: its name, and where it is once there is something on it. */
export async function screensOf(house: House): Promise<readonly (readonly [name: string, path: string])[]> {
  const { items: messages } = (await house.api.must('GET', '/api/v1/messages')).body;
  const { items: rules } = (await house.api.must('GET', '/api/v1/rules')).body;
  const message = messages.find((one: { deliveries: unknown[] }) => one.deliveries.length > 0);
  return [
    ['overview', '/overview'],
    ['messages', '/messages'],
    ['message', `/messages/${message.id}`],
    ['conversation', `/conversations/${message.conversationId}`],
    ['deliveries', '/deliveries?status=all'],
    ['work-lists', '/work'],
    ['endpoints', '/endpoints'],
    ['endpoint', '/endpoints/acme'],
    ['fields', '/endpoints/acme/fields'],
    ['endpoint-editor', '/endpoints/acme/edit'],
    ['connect', '/endpoints/_new'],
    ['rules', '/rules'],
    ['rule', `/rules/${rules[0].ruleId}`],
    ['rule-editor', `/rules/${rules[0].ruleId}/edit?section=mappings`],
    ['rule-bench', `/rules/${rules[0].ruleId}/edit?section=bench`],
    ['rule-json', `/rules/${rules[0].ruleId}/edit?section=json`],
    ['rule-import', '/rules/_import'],
    ['people', '/administration/people'],
    ['api-keys', '/administration/api-keys'],
    ['audit-log', '/administration/audit'],
    ['alerts', '/administration/alerts'],
    ['retention', '/administration/retention'],
    ['organizations', '/administration/organizations'],
    ['system-health', '/administration/health'],
    ['first-run', '/first-run'],
    ['account', '/account'],
    ['not-found', '/no/such/page'],
  ];
}

/** Looks at every screen in both themes: the checks of accessibility find nothing, nothing is wider than 1280 px, no complaint of the browser. */
export function everyScreen(house: House): void {
  it('is accessible in both themes, fits into 1280 px and makes the browser complain of nothing', async () => {
    const { page } = house;
    const found: string[] = [];
    for (const [name, path] of await screensOf(house)) {
      await page.goto(path);
      await settled(page);
      if ((await sideways(page)) > 0) found.push(`${name} is wider than the window`);
      for (const theme of ['light', 'dark'] as const) {
        await wear(page, theme);
        found.push(...(await violations(page, theme === 'light' ? undefined : COLOURS)).map((line) => `${name}, ${theme}: ${line}`));
        await house.shoot(`${name}-${theme}`);
      }
    }
    expect(found).toEqual([]);
    expect(house.takeTroubles()).toEqual([]);
  }, 120_000);

  it('is accessible while a menu or a dialog is open', async () => {
    const { page } = house;
    await page.goto('/messages');
    await settled(page);
    await page.getByRole('button', { name: 'Account' }).click();
    await page.getByRole('menu').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.keyboard.press('?');
    await page.getByRole('dialog').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  });
}
