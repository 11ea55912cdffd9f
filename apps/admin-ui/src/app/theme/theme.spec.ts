import { TestBed } from '@angular/core/testing';
import { Theme } from './theme';

describe('the theme', () => {
  beforeEach(() => { localStorage.clear(); delete document.documentElement.dataset['theme']; });

  it('is the system’s until someone chooses', () => {
    expect(TestBed.inject(Theme).choice()).toBe('system');
    expect(document.documentElement.dataset['theme']).toBeUndefined();
  });

  it('is kept for the next visit', () => {
    TestBed.inject(Theme).choose('dark');
    TestBed.resetTestingModule();
    expect(TestBed.inject(Theme).choice()).toBe('dark');
    expect(document.documentElement.dataset['theme']).toBe('dark');
  });

  it('goes back to the system’s', () => {
    const theme = TestBed.inject(Theme);
    theme.choose('light');
    theme.choose('system');
    expect(document.documentElement.dataset['theme']).toBeUndefined();
  });
});
