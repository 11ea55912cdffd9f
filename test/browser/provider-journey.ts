import { expect, it } from '@jest/globals';
import { OidcProvider } from '../support/fakes/oidc-provider.js';
import { ADMIN, type House } from './house.js';
import { settled, sideways, violations, wear } from './look.js';

/** An administrator adds a sign-in provider; somebody comes in by it, from another site as it is in life. */
export function providerJourney(house: House): void {
  it('is added, tested, and lets in whom it names, or says why not', async () => {
    const { page } = house;
    const provider = await OidcProvider.start('localhost');
    try {
      await page.goto('/administration/sign-in');
      await settled(page);
      await page.getByLabel('Name', { exact: true }).fill('Acme SSO');
      await page.getByLabel('Issuer', { exact: true }).fill(provider.issuer);
      await page.getByLabel('Client id').fill(provider.clientId);
      await page.getByLabel('Client secret').fill(provider.clientSecret);
      await page.getByLabel('Roles by value').fill('desk = boss');
      await page.getByRole('button', { name: 'Save', exact: true }).click();
      await page.getByRole('alert').filter({ hasText: 'is not a line such as' }).waitFor();
      await page.getByLabel('Roles by value').fill('');
      await page.getByRole('button', { name: 'Save', exact: true }).click();
      await page.getByRole('button', { name: 'Test Acme SSO' }).click();
      await page.getByText('The provider answers, and says what is needed.').waitFor();
      for (const theme of ['light', 'dark'] as const) {
        await wear(page, theme);
        expect(await violations(page)).toEqual([]);
        await house.shoot(`sign-in-providers-${theme}`);
      }
      await wear(page, 'light');
      expect(await sideways(page)).toBe(0);
      const { items } = (await house.api.must('GET', '/api/v1/sign-in-providers')).body as { items: { redirectUri: string; signedOutUri: string }[] };
      for (const address of [items[0]!.redirectUri, items[0]!.signedOutUri]) provider.redirectUris.add(address);

      const context = await house.newContext();
      const visitor = await house.newPage(context);
      provider.person = { sub: '1', email: ADMIN.email, email_verified: false };
      await visitor.goto('/sign-in?next=%2Frules');
      await visitor.getByRole('link', { name: 'Sign in with Acme SSO' }).click();
      await visitor.getByRole('alert').filter({ hasText: 'has not verified your e-mail address' }).waitFor();
      expect(await violations(visitor)).toEqual([]);
      await house.shoot('sign-in-refused', visitor);
      provider.person = { ...provider.person, email_verified: true };
      await visitor.goto('/sign-in?next=%2Frules');
      await visitor.getByRole('link', { name: 'Sign in with Acme SSO' }).click();
      await visitor.waitForURL('**/rules');
      await visitor.getByRole('heading', { name: 'Rules' }).waitFor();
      await visitor.getByRole('button', { name: 'Account' }).click();
      await visitor.getByRole('menuitem', { name: 'Sign out' }).click();
      await visitor.waitForURL('**/sign-in');
      expect(provider.asked.at(-1)).toBe('/realm/end');
      await visitor.goto('/rules');
      await visitor.getByRole('heading', { name: 'Sign in to Parley' }).waitFor();
      await context.close();

      await page.getByRole('button', { name: 'Remove Acme SSO' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click();
      await page.getByText('No providers yet').waitFor();
      expect(house.takeTroubles()).toEqual([]);
    } finally {
      await provider.stop();
    }
  });
}
