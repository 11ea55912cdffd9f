import { Component, signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { describe, expect, it } from 'vitest';
import type { Cells } from './sheet-edit';
import { SheetGrid } from './sheet-grid';

const COLUMNS = [{ name: 'impact', words: ['‹any›'], blank: '' }, { name: 'priority', words: [], blank: '' }];

@Component({ imports: [SheetGrid], template: `<parley-sheet label="Table" [columns]="columns" [cells]="cells()" (changed)="cells.set($event)" />` })
class Host {
  readonly columns = COLUMNS;
  readonly cells = signal<Cells>([['1', 'High'], ['2', 'Low']]);
}

async function setup() {
  const fixture = TestBed.createComponent(Host);
  document.body.append(fixture.nativeElement as HTMLElement);
  await fixture.whenStable();
  const element = fixture.nativeElement as HTMLElement;
  const grid = element.querySelector<HTMLElement>('[role=grid]')!;
  const press = async (key: string, more: KeyboardEventInit = {}): Promise<void> => {
    const on = element.querySelector<HTMLInputElement>('[role=gridcell] input') ?? grid;
    on.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more }));
    await fixture.whenStable();
  };
  const type = (text: string): void => { const field = element.querySelector<HTMLInputElement>('[role=gridcell] input')!; field.value += text; };
  const paste = async (text: string): Promise<void> => {
    const event = Object.assign(new Event('paste', { bubbles: true, cancelable: true }), { clipboardData: { getData: () => text } });
    grid.dispatchEvent(event);
    await fixture.whenStable();
  };
  grid.focus();
  return { element, grid, host: fixture.componentInstance, press, type, paste };
}

describe('a sheet', () => {
  it('writes what is typed, and goes on to the next cell with Tab, to the next row with Enter', async () => {
    const { host, press, type } = await setup();
    await press('7');
    type('7');
    await press('Tab');
    await press('S');
    await press('Enter');
    expect(host.cells()).toEqual([['77', 'S'], ['2', 'Low']]);
    await press('x');
    await press('Enter');
    expect(host.cells()[1]).toEqual(['2', 'x']);
  });

  it('leaves a cell as it was with Escape', async () => {
    const { host, press } = await setup();
    await press('x');
    await press('Escape');
    expect(host.cells()[0]).toEqual(['1', 'High']);
  });

  it('takes a paste, adds rows for it and tells', async () => {
    const { host, element, press, paste } = await setup();
    await press('ArrowDown');
    await paste('3\tMid\r\n4\t"No\r\nne"\r\n');
    expect(host.cells()).toEqual([['1', 'High'], ['3', 'Mid'], ['4', 'No\nne']]);
    expect(element.querySelector('[role=status]')?.textContent).toContain('2 rows pasted.');
  });

  it('marks with Shift and clears what is marked', async () => {
    const { host, press } = await setup();
    await press('ArrowRight', { shiftKey: true });
    await press('Delete');
    expect(host.cells()).toEqual([['', ''], ['2', 'Low']]);
  });

  it('lets Tab leave it', async () => {
    const { grid } = await setup();
    const event = new KeyboardEvent('keydown', { key: 'Tab', bubbles: true, cancelable: true });
    grid.dispatchEvent(event);
    expect(event.defaultPrevented).toBe(false);
  });

  it('draws only what is seen of thousands of rows, and counts them all', async () => {
    const { host, element, grid } = await setup();
    host.cells.set(Array.from({ length: 5_000 }, (_, at) => [String(at), 'x']));
    await TestBed.inject((await import('@angular/core')).ApplicationRef).whenStable();
    expect(element.querySelectorAll('[role=row]').length).toBeLessThan(100);
    expect(grid.getAttribute('aria-rowcount')).toBe('5001');
  });
});
