import { Component } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { RowKeys } from './row-keys';

@Component({
  imports: [RowKeys],
  template: `<input /><ul parleyRowKeys><li><input type="checkbox" class="row-pick" /><a class="row-link" href="#1">one</a></li><li><a class="row-link" href="#2">two</a></li></ul>`,
})
class Host {}

async function setup() {
  const fixture = TestBed.createComponent(Host);
  document.body.append(fixture.nativeElement as HTMLElement);
  await fixture.whenStable();
  Element.prototype.scrollIntoView = () => undefined;
  const press = (key: string, on: EventTarget = document.body): void => { on.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true })); };
  return { element: fixture.nativeElement as HTMLElement, press };
}

describe('the keys j and k', () => {
  it('walk the rows and stop at the ends', async () => {
    const { press } = await setup();
    press('j');
    expect(document.activeElement?.textContent).toBe('one');
    press('j');
    press('j');
    expect(document.activeElement?.textContent).toBe('two');
    press('k');
    expect(document.activeElement?.textContent).toBe('one');
  });

  it('are letters while someone writes', async () => {
    const { element, press } = await setup();
    const input = element.querySelector('input') as HTMLInputElement;
    input.focus();
    press('j', input);
    expect(document.activeElement).toBe(input);
  });
});

describe('the key x', () => {
  it('marks the row that one is in, and takes the mark back; the keys go on from its box as from its link', async () => {
    const { element, press } = await setup();
    const box = element.querySelector('.row-pick') as HTMLInputElement;
    press('x');
    expect(box.checked).toBe(false);
    press('j');
    press('x');
    expect(box.checked).toBe(true);
    box.focus();
    press('x', box);
    press('j', box);
    expect([box.checked, document.activeElement?.textContent]).toEqual([false, 'two']);
  });

  it('does nothing in a row that has nothing to mark', async () => {
    const { element, press } = await setup();
    press('j');
    press('j');
    press('x');
    expect((element.querySelector('.row-pick') as HTMLInputElement).checked).toBe(false);
  });
});
