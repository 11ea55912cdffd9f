import { copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { ApiClient } from '../support/api-client.js';
import { API_KEY } from '../support/application.js';
import { eventually } from '../support/eventually.js';
import { newDataFolder, removeDataFolder, startParley, type ParleyProcess } from '../support/parley-process.js';
import { settled } from './look.js';

const ROOT = join(import.meta.dirname, '../..');
export const ADMIN = { email: 'admin@parley.local', password: 'a password for the browser' } as const;
const SHOTS = join(ROOT, 'test-output/browser');
/** Pictures of docs/console.md, taken anew where PARLEY_TEST_PICTURES asks for them. */
const PICTURES: Readonly<Record<string, string>> = {
  'overview-light': 'overview', 'messages-light': 'messages', 'message-light': 'message', 'conversation-light': 'conversation', 'endpoint-light': 'endpoint', 'rule-light': 'rule',
  'system-health-light': 'system-health', 'first-run-done': 'first-run', 'bulk-plan': 'bulk', 'rule-table': 'rule-editor', 'fields-light': 'fields', 'audit-log': 'audit-log', split: 'split', 'message-memory': 'message-memory', 'connect-light': 'connect', 'reports-light': 'reports', 'delayed-light': 'delayed', 'wsdl-light': 'wsdl', 'refused-light': 'refused',
};
/** Messages of the browser that are no fault of the console's. */
const HARMLESS = [/net::ERR_ABORTED/];

/** Where a Chromium is, if anywhere: named by the run, or where Debian puts it. */
export const CHROMIUM = process.env['PARLEY_TEST_CHROMIUM'] || ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) => existsSync(path));

/** One Parley with its demo, one browser, and what went wrong in it: shared by all journeys. */
export class House {
  readonly troubles: string[] = [];
  private parley: ParleyProcess | undefined;
  private browser: Browser | undefined;
  private open: { readonly context: BrowserContext; readonly page: Page } | undefined;

  async start(): Promise<void> {
    rmSync(SHOTS, { recursive: true, force: true });
    mkdirSync(SHOTS, { recursive: true });
    [this.parley, this.browser] = await Promise.all([
      startParley({ dataDir: newDataFolder(), env: { PARLEY_DEMO: 'true', PARLEY_ADMIN_PASSWORD: ADMIN.password, PARLEY_BOOTSTRAP_API_KEY: API_KEY, PARLEY_LOG_LEVEL: 'warn' } }),
      chromium.launch({ ...(CHROMIUM === undefined ? {} : { executablePath: CHROMIUM }), args: ['--no-sandbox', '--disable-dev-shm-usage'] }),
    ]);
    const context = await this.newContext();
    this.open = { context, page: await this.newPage(context) };
    await eventually(async () => {
      const { body } = await this.api.must('GET', '/api/v1/sandboxes');
      if (body.items.filter(({ webhookUrl }: { webhookUrl: string | null }) => webhookUrl !== null).length !== 2) throw new Error('the demo is not loaded yet');
    });
  }

  async stop(): Promise<void> {
    await this.browser?.close();
    if (this.parley === undefined) return;
    await this.parley.stop();
    await removeDataFolder(this.parley.dataDir);
  }

  get url(): string { return this.parley?.url ?? ''; }
  get api(): ApiClient { return new ApiClient(this.url, `Bearer ${API_KEY}`); }
  /** The page that the journeys go on with. */
  get page(): Page {
    if (this.open === undefined) throw new Error('the browser has not been started');
    return this.open.page;
  }

  /** A browser of somebody else: no cookies, nothing cached. */
  async newContext(): Promise<BrowserContext> {
    if (this.browser === undefined) throw new Error('the browser has not been started');
    const context = await this.browser.newContext({ baseURL: this.url, viewport: { width: 1280, height: 800 }, locale: 'en-GB', reducedMotion: 'reduce' });
    context.setDefaultTimeout(20_000);
    return context;
  }

  /** A page that notes what the browser complains of. */
  async newPage(context: BrowserContext): Promise<Page> {
    const page = await context.newPage();
    page.on('console', (message) => { if (message.type() === 'error' || message.type() === 'warning') this.note(`${page.url()}: ${message.text()}`); });
    page.on('pageerror', (error) => { this.note(`${page.url()}: ${error.message}`); });
    return page;
  }

  /** What the browser complained of since this was last asked. */
  takeTroubles(): string[] {
    return this.troubles.splice(0);
  }

  async signIn(page: Page = this.page): Promise<void> {
    await page.goto('/sign-in');
    await page.getByLabel('E-mail address').fill(ADMIN.email);
    await page.getByLabel('Password').fill(ADMIN.password);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.waitForURL('**/overview');
  }

  /** Makes an organization and goes there. */
  async makeOrganization(name: string, slug: string): Promise<void> {
    const { page } = this;
    await page.goto('/administration/organizations');
    await page.getByLabel('Name', { exact: true }).fill(name);
    await page.getByLabel('Name in addresses').fill(slug);
    await page.getByRole('button', { name: 'Make it' }).click();
    await page.getByRole('button', { name: `Go there ${name}` }).click();
    await page.waitForURL('**/overview');
  }

  async goToOrganization(name: string): Promise<void> {
    await this.page.goto('/administration/organizations');
    await this.page.getByRole('button', { name: `Go there ${name}` }).click();
    await this.page.waitForURL('**/overview');
    await settled(this.page);
  }

  /** Opens a ticket at a desk, as its agent does on its page; answers its id. */
  async openTicket(desk: string, title: string): Promise<string> {
    const answer = await fetch(`${this.url}/sandbox/${desk}/tickets`, {
      method: 'POST', redirect: 'manual', headers: { cookie: 'sandbox_agent=ann', 'sec-fetch-site': 'same-origin' },
      body: new URLSearchParams({ title, description: 'Second floor, by the window', caller: 'Bob', priority: desk === 'b' ? 'High' : '2' }),
    });
    const id = /\/tickets\/([^/?]+)/.exec(answer.headers.get('location') ?? '')?.[1];
    if (id === undefined) throw new Error(`the desk answered ${answer.status}`);
    return id;
  }

  /** Lets a desk's API fail, as its switches do. */
  async setFaults(desk: string, faults: Readonly<Record<string, string>>): Promise<void> {
    const answer = await fetch(`${this.url}/sandbox/${desk}/switches`, {
      method: 'POST', redirect: 'manual', headers: { cookie: 'sandbox_agent=ann', 'sec-fetch-site': 'same-origin' }, body: new URLSearchParams(faults),
    });
    if (answer.status !== 303) throw new Error(`the desk answered ${answer.status}`);
  }

  /** Keeps a picture of the page for a person to look at. */
  async shoot(name: string, page: Page = this.page): Promise<void> {
    await page.screenshot({ path: join(SHOTS, `${name}.png`), animations: 'disabled' });
    const picture = PICTURES[name];
    if (picture !== undefined && process.env['PARLEY_TEST_PICTURES'] === 'true') copyFileSync(join(SHOTS, `${name}.png`), join(ROOT, 'docs/pictures', `${picture}.png`));
  }

  private note(trouble: string): void {
    if (!HARMLESS.some((pattern) => pattern.test(trouble))) this.troubles.push(trouble);
  }
}
