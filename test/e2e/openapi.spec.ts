import { describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

describe('the API description that the console was made from', () => {
  it('is that of the server; `npm run api:write` makes it so', () => {
    const now = JSON.parse(execFileSync(process.execPath, ['dist/src/cli/main.js', 'openapi'], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })) as unknown;
    expect(JSON.parse(readFileSync('apps/admin-ui/openapi.json', 'utf8'))).toEqual(now);
  });
});
