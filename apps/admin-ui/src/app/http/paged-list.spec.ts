import { HttpErrorResponse } from '@angular/common/http';
import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { type Observable, Subject } from 'rxjs';
import type { Page } from './page';
import { type PagedList, pagedList } from './paged-list';

interface Row { readonly id: string }

function setup(filter: string | undefined = '') {
  const params = signal<string | undefined>(filter);
  const asked: { readonly params: string; readonly cursor: string | undefined; readonly answer: Subject<Page<Row>> }[] = [];
  const load = (wanted: string, cursor: string | undefined): Observable<Page<Row>> => {
    const answer = new Subject<Page<Row>>();
    asked.push({ params: wanted, cursor, answer });
    return answer;
  };
  const list: PagedList<Row> = TestBed.runInInjectionContext(() => pagedList<Row, string>({ params, filtered: () => params() !== '', load, idOf: (row) => row.id }));
  const settle = async (): Promise<void> => { TestBed.tick(); await new Promise((done) => setTimeout(done)); TestBed.tick(); };
  const answer = async (at: number, ids: string[], nextCursor: string | null = null): Promise<void> => {
    asked[at]?.answer.next({ items: ids.map((id) => ({ id })), nextCursor });
    asked[at]?.answer.complete();
    await settle();
  };
  return { list, params, asked, answer, settle, ids: () => list.rows().map((row) => row.id) };
}

describe('a list with pages on the server', () => {
  it('loads, then shows its first page', async () => {
    const { list, settle, answer, ids } = setup();
    await settle();
    expect(list.status()).toBe('loading');
    await answer(0, ['b', 'a']);
    expect(list.status()).toBe('ready');
    expect(ids()).toEqual(['b', 'a']);
    expect(list.hasMore()).toBe(false);
  });

  it('reads nothing before it knows what', async () => {
    const { list, params, settle, asked } = setup();
    params.set(undefined);
    await settle();
    expect(asked).toEqual([]);
    expect(list.status()).toBe('loading');
  });

  it('goes on behind the cursor of the page before', async () => {
    const { list, settle, asked, answer, ids } = setup();
    await settle();
    await answer(0, ['b'], 'behind-b');
    list.more();
    list.more(); // A second press while the page is on its way asks nothing.
    expect(asked.map((one) => one.cursor)).toEqual([undefined, 'behind-b']);
    await answer(1, ['a']);
    expect(ids()).toEqual(['b', 'a']);
    expect(list.hasMore()).toBe(false);
  });

  it('keeps the rows of the filter before until those of the new one are there', async () => {
    const { list, params, settle, answer, ids } = setup();
    await settle();
    await answer(0, ['a']);
    expect(ids()).toEqual(['a']);
    params.set('DEAD');
    await settle();
    expect(list.stale()).toBe(true);
    expect(ids()).toEqual(['a']);
    await answer(1, []);
    expect(list.status()).toBe('no-match');
  });

  it('drops a page that belongs to the filter before', async () => {
    const { list, params, settle, answer, ids } = setup();
    await settle();
    await answer(0, ['b'], 'behind-b');
    list.more();
    params.set('DEAD');
    await settle();
    await answer(2, ['d']);
    await answer(1, ['a']);
    expect(ids()).toEqual(['d']);
  });

  it('lets what arrives wait', async () => {
    const { list, settle, answer, ids } = setup();
    await settle();
    await answer(0, ['a']);
    list.refresh();
    await answer(1, ['b', 'a']);
    expect(ids()).toEqual(['a']);
    expect(list.waiting()).toBe(1);
    list.showWaiting();
    expect(ids()).toEqual(['b', 'a']);
  });

  it('says why it could not be read, and reads again when asked to', async () => {
    const { list, settle, asked, answer, ids } = setup();
    await settle();
    asked[0]?.answer.error(new HttpErrorResponse({ status: 503, error: { detail: 'The database does not answer.' } }));
    await settle();
    expect(list.status()).toBe('failed');
    expect(list.failure()).toBe('The database does not answer.');
    list.reload();
    await settle();
    await answer(1, ['a']);
    expect(ids()).toEqual(['a']);
    expect(list.failure()).toBeUndefined();
  });

  it('keeps its rows when the next page fails, and says why', async () => {
    const { list, settle, asked, answer, ids } = setup();
    await settle();
    await answer(0, ['b'], 'behind-b');
    list.more();
    asked[1]?.answer.error(new HttpErrorResponse({ status: 422, error: { detail: 'The cursor is too old.' } }));
    await settle();
    expect(list.status()).toBe('ready');
    expect(ids()).toEqual(['b']);
    expect(list.failure()).toBe('The cursor is too old.');
  });
});
