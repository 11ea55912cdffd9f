import { afterEach, describe, expect, it } from '@jest/globals';
import { armFailpoint, failpoint, FailpointError, FAILPOINTS, readArming } from './failpoint.js';

afterEach(() => armFailpoint(undefined));

describe('a failpoint', () => {
  it('is passed as long as it is not armed', () => {
    for (const name of FAILPOINTS) expect(failpoint(name)).toBeUndefined();
  });

  it('acts at the passage that was named, once', () => {
    armFailpoint('route.before-commit:throw:2');
    expect(failpoint('route.before-commit')).toBeUndefined();
    expect(failpoint('route.after-commit')).toBeUndefined();
    expect(() => failpoint('route.before-commit')).toThrow(FailpointError);
    expect(failpoint('route.before-commit')).toBeUndefined();
  });

  it('acts at every passage with the subject that was named, at no other', () => {
    armFailpoint('deliver.before-call:throw:@poison');
    expect(failpoint('deliver.before-call')).toBeUndefined();
    expect(failpoint('deliver.before-call', 'target')).toBeUndefined();
    for (let n = 0; n < 2; n++) expect(() => failpoint('deliver.before-call', 'poison')).toThrow(FailpointError);
  });

  it('hangs for ever where it is told to', async () => {
    armFailpoint('deliver.before-call:hang');
    const outcome = await Promise.race([failpoint('deliver.before-call'), new Promise((resolve) => setTimeout(resolve, 20, 'still hanging'))]);
    expect(outcome).toBe('still hanging');
  });

  it.each(['', 'nowhere:kill', 'route.before-commit', 'route.before-commit:explode', 'route.before-commit:kill:0', 'route.before-commit:kill:x', 'route.before-commit:kill:@'])('is refused when it is written as "%s"', (text) => {
    expect(() => readArming(text)).toThrow(/^PARLEY_FAILPOINT must be .* route\.before-commit/);
  });

  it('stands at twenty places or more', () => {
    expect(FAILPOINTS.length).toBeGreaterThanOrEqual(20);
    expect(new Set(FAILPOINTS).size).toBe(FAILPOINTS.length);
  });
});
