import { safeNext } from './safe-next';

describe('where one goes after signing in', () => {
  it('is where one wanted to go', () => { expect(safeNext('/messages?state=DEAD')).toBe('/messages?state=DEAD'); });
  it.each(['//evil.example', '/\\evil.example', 'https://evil.example', 'javascript:alert(1)', '', undefined])('is never another site: %s', (next) => { expect(safeNext(next)).toBe('/overview'); });
  it('is not the door itself', () => { expect(safeNext('/sign-in?next=/sign-in')).toBe('/overview'); });
});
