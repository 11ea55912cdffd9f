import { expect, it } from '@jest/globals';
import { ADMIN, type House } from './house.js';
import { violations, wear } from './look.js';

/** Most that a first visit may load, over the wire, in bytes. */
const FIRST_LOAD = 300_000;

/** The door: what it loads, what it lets in, what it says to others. */
export function signInJourney(house: House): void {
  it('loads less than 300 kB at the first visit, compressed, and nothing from elsewhere', async () => {
    const context = await house.newContext();
    const page = await house.newPage(context);
    const wire = await context.newCDPSession(page);
    await wire.send('Network.enable');
    let bytes = 0;
    const urls: string[] = [];
    wire.on('Network.requestWillBeSent', ({ request }) => { urls.push(request.url); });
    wire.on('Network.loadingFinished', ({ encodedDataLength }) => { bytes += encodedDataLength; });
    await page.goto('/', { waitUntil: 'networkidle' });
    await page.getByRole('heading', { name: 'Sign in to Parley' }).waitFor();
    console.log(`first load: ${Math.round(bytes / 1_000)} kB in ${urls.length} requests`);
    expect(bytes).toBeLessThan(FIRST_LOAD);
    expect(urls.filter((url) => !url.startsWith(house.url))).toEqual([]);
    expect(house.takeTroubles()).toEqual([]);
    await context.close();
  });

  it('runs under a policy that allows nothing inline', async () => {
    const answer = await fetch(`${house.url}/sign-in`);
    expect(answer.headers.get('content-security-policy')).toMatch(/script-src 'self';/);
    expect(answer.headers.get('content-security-policy')).not.toMatch(/unsafe-/);
  });

  it('is accessible, and says the same of a wrong password and of an unknown address', async () => {
    const { page } = house;
    await page.goto('/sign-in');
    await page.getByRole('heading', { name: 'Sign in to Parley' }).waitFor();
    for (const theme of ['light', 'dark'] as const) {
      await wear(page, theme);
      expect(await violations(page)).toEqual([]);
      await house.shoot(`sign-in-${theme}`);
    }
    for (const email of [ADMIN.email, 'nobody@example.com']) {
      await page.getByLabel('E-mail address').fill(email);
      await page.getByLabel('Password').fill('not the password');
      await page.getByRole('button', { name: 'Sign in', exact: true }).click();
      await page.getByRole('alert').filter({ hasText: 'E-mail address or password is not right.' }).waitFor();
    }
    house.takeTroubles(); // the browser itself notes every answer of 401
  });

  it('lets in, and leads to where one wanted to go', async () => {
    const { page } = house;
    await page.goto('/rules');
    await page.getByLabel('E-mail address').fill(ADMIN.email);
    await page.getByLabel('Password').fill(ADMIN.password);
    await page.keyboard.press('Enter');
    await page.waitForURL('**/rules');
    await page.getByRole('heading', { name: 'Rules' }).waitFor();
    expect(house.takeTroubles()).toEqual([]);
  });
}
