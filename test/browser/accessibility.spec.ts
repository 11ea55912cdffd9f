import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { chromium, type Browser, type Page } from 'playwright-core';
import { CHROMIUM } from './house.js';
import { ACCESSIBILITY, violations } from './look.js';

jest.setTimeout(30_000);

const FINE = `<style>body{color:#222;background:#fff} button,input{min-height:32px;border:1px solid #666}</style>
  <header><a class="skip" href="#main">Skip</a></header><nav aria-label="Areas"><ul><li><a href="/">Home</a></li></ul></nav>
  <main id="main"><h1>Tickets</h1><h2>Open</h2><p>Three of them.</p><label>Name <input></label><button>Save</button>
  <table><thead><tr><th scope="col">Id</th></tr></thead><tbody><tr><td>1</td></tr></tbody></table></main>`;

/** What is put into the fine page, and the check that must tell of it. */
const FAULTS: readonly (readonly [check: string, fault: string])[] = [
  ['a control has a name', '<button><svg aria-hidden="true"></svg></button>'],
  ['a control has a name', '<input type="text">'],
  ['what holds others has a name', '<div role="group"><p>A</p></div>'],
  ['a name that is seen is told', '<button aria-label="Go">Save it</button>'],
  ['a picture has a text', '<img src="data:," width="9" height="9">'],
  ['what is pointed to is there', '<p aria-describedby="nowhere">A</p>'],
  ['an id is there once', '<p id="main">A</p>'],
  ['there is one main place', '<main>another</main>'],
  ['places of one kind have names of their own', '<nav aria-label="Areas"><p>again</p></nav>'],
  ['headings go down step by step from one h1', '<h4>Too deep</h4>'],
  ['headings go down step by step from one h1', '<h1>Another</h1>'],
  ['a part lies in its whole', '<li>Lost</li>'],
  ['a part lies in its whole', '<p role="tab">Lost</p>'],
  ['columns of a table have heads', '<table><tbody><tr><td>1</td></tr></tbody></table>'],
  ['the order of keys is the order of the page', '<p tabindex="2">First</p>'],
  ['what is hidden takes no key', '<p aria-hidden="true"><button>Save</button></p>'],
  ['a control lies in no other control', '<a href="/"><button>Save</button></a>'],
  ['what scrolls can be reached by keys', '<div style="height:20px;overflow:auto"><p style="height:90px">Long</p></div>'],
  ['words stand out', '<p style="color:#999">Faint</p>'],
  ['words stand out', '<p style="opacity:.4">Faint</p>'],
  ['words in fields stand out', '<style>.f::placeholder{color:#bbb}</style><input class="f" aria-label="A" placeholder="Faint">'],
  ['edges of fields stand out', '<input aria-label="A" style="border:1px solid #ddd">'],
  ['a link in a text is more than a colour', '<p>Read <a href="/" style="color:#225;text-decoration:none">this</a> now.</p>'],
  ['what is pressed is large enough', '<button style="min-height:12px;height:12px;padding:0">A</button><button style="min-height:12px;height:12px;padding:0">B</button>'],
];

(CHROMIUM === undefined ? describe.skip : describe)('the checks of accessibility', () => {
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    browser = await chromium.launch({ ...(CHROMIUM === undefined ? {} : { executablePath: CHROMIUM }), args: ['--no-sandbox', '--disable-dev-shm-usage'] });
    page = await browser.newPage();
  }, 30_000);
  afterAll(() => browser.close());

  async function found(html: string, before = ''): Promise<string[]> {
    await page.setContent(`<!doctype html><html lang="en"><head><title>Tickets</title></head><body>${before}${html}</body></html>`);
    await page.evaluate(ACCESSIBILITY);
    return violations(page);
  }

  it('find nothing on a page that is as it should be', async () => { expect(await found(FINE)).toEqual([]); });

  it.each(FAULTS)('tell: %s (%s)', async (check, fault) => {
    expect((await found(FINE.replace('</main>', `${fault}</main>`))).filter((line) => line.startsWith(`${check}: `))).not.toEqual([]);
  });

  it('tell: every text lies in a landmark', async () => { expect(await found(FINE, '<p>Lost</p>')).toEqual([expect.stringContaining('every text lies in a landmark: ')]); });
});
