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

@Component({
  imports: [RowKeys],
  template: `
    <table parleyRowKeys="rows"><tbody><tr id="a"><td>Ann <button>Remove</button></td></tr><tr id="b"><td>Bob</td></tr></tbody></table>
    <div parleyRowKeys><a class="row-stop" href="#g">group</a><ul><li><a class="row-link" href="#1">one</a></li></ul></div>`,
})
class Lists {}

describe('the keys j and k on several lists', () => {
  it('walk rows that lead nowhere, the first list until another has the focus', async () => {
    const fixture = TestBed.createComponent(Lists);
    document.body.append(fixture.nativeElement as HTMLElement);
    await fixture.whenStable();
    Element.prototype.scrollIntoView = () => undefined;
    const press = (key: string): void => { (document.activeElement ?? document.body).dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true })); };
    (document.activeElement as HTMLElement | null)?.blur();
    press('j');
    expect(document.activeElement?.id).toBe('a');
    (document.activeElement?.querySelector('button') as HTMLElement).focus();
    press('j');
    expect(document.activeElement?.id).toBe('b');
    ((fixture.nativeElement as HTMLElement).querySelector('.row-link') as HTMLElement).focus();
    press('k');
    expect(document.activeElement?.textContent).toBe('group');
    press('j');
    expect(document.activeElement?.textContent).toBe('one');
    (fixture.nativeElement as HTMLElement).remove();
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
