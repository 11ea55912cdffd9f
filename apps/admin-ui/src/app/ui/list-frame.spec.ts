import { Component, signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { ListFrame } from './list-frame';
import type { ListStatus } from './list-status';

@Component({
  imports: [ListFrame],
  template: `
    <parley-list-frame [status]="status()" [failure]="failure()" emptyTitle="No rules yet" [hasMore]="hasMore()" (retry)="asked.push('retry')" (clear)="asked.push('clear')" (more)="asked.push('more')">
      <p advice>Make one</p><table><tbody><tr><td>a row</td></tr></tbody></table>
    </parley-list-frame>`,
})
class Host {
  readonly status = signal<ListStatus>('loading');
  readonly failure = signal<string | undefined>(undefined);
  readonly hasMore = signal(false);
  readonly asked: string[] = [];
}

function setup() {
  const fixture = TestBed.createComponent(Host);
  const element = fixture.nativeElement as HTMLElement;
  const press = (name: string): void => { [...element.querySelectorAll('button')].find((button) => button.textContent.includes(name))?.click(); };
  return { fixture, host: fixture.componentInstance, text: () => element.textContent, press };
}

describe('the frame around a list', () => {
  it('says that it loads', async () => {
    const { fixture, text } = setup();
    await fixture.whenStable();
    expect(text()).toContain('Loading');
    expect(text()).not.toContain('a row');
  });

  it('says why reading failed and offers to try again', async () => {
    const { fixture, host, text, press } = setup();
    host.status.set('failed');
    host.failure.set('The database does not answer.');
    await fixture.whenStable();
    expect(text()).toContain('The database does not answer.');
    press('Try again');
    expect(host.asked).toEqual(['retry']);
  });

  it('offers to clear filters that match nothing, and to look further back where there is more', async () => {
    const { fixture, host, press } = setup();
    host.status.set('no-match');
    host.hasMore.set(true);
    await fixture.whenStable();
    press('Clear filters');
    press('Look further back');
    expect(host.asked).toEqual(['clear', 'more']);
  });

  it('says what to do first where there is nothing yet', async () => {
    const { fixture, host, text } = setup();
    host.status.set('empty');
    await fixture.whenStable();
    expect(text()).toContain('No rules yet');
    expect(text()).toContain('Make one');
  });

  it('keeps its rows when a later reading fails', async () => {
    const { fixture, host, text } = setup();
    host.status.set('ready');
    host.failure.set('The database does not answer.');
    await fixture.whenStable();
    expect(text()).toContain('a row');
    expect(text()).toContain('Shown as last loaded. The database does not answer.');
  });
});
