import { describe, expect, it } from '@jest/globals';
import { readSettings } from './settings.js';

describe('settings', () => {
  it('have a default for everything', () => {
    const outcome = readSettings({});
    expect(outcome).toMatchObject({ settings: { port: 8080, databaseUrl: undefined, role: 'all' } });
  });

  it('take an empty variable as not set', () => {
    expect(readSettings({ DATABASE_URL: '', PORT: '' })).toMatchObject({ settings: { databaseUrl: undefined, port: 8080 } });
  });

  it('tell every problem at once', () => {
    const outcome = readSettings({ PORT: 'eighty', DATABASE_URL: 'mysql://x', PARLEY_ADMIN_PASSWORD: 'short' });
    expect(outcome).toEqual({
      problems: [
        'PORT must be a whole number from 0 to 65535',
        'DATABASE_URL must be a URL that begins with postgres:// or postgresql://',
        'PARLEY_ADMIN_PASSWORD must have 12 characters or more',
      ],
    });
  });
});
