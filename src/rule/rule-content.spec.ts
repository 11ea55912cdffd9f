import { describe, expect, it } from '@jest/globals';
import { comparableContent, contentOf } from './rule-content.js';

const short = { name: 'r', sourceSystemId: 'a', sourceEntityType: 't', targetSystemId: 'b', targetEntityType: 't' };

describe('the content of a rule', () => {
  it('is everything but the lifecycle, unknown keys included', () => {
    expect(contentOf({ ...short, ruleId: 'x', version: 3, enabled: false, current: true, active: true, createdTime: 1, activatedBy: 'y', changeDescription: 'z', linkedRules: ['k'] })).toEqual({ ...short, linkedRules: ['k'] });
  });

  it('compares equal whether defaults are written or not', () => {
    expect(comparableContent({ ...short, priority: 0, action: 'ROUTE', entityConditions: [], iterate: 'NONE' })).toEqual(comparableContent(short));
    expect(comparableContent({ ...short, routeOneTargetPerAttachment: true })).toEqual(comparableContent({ ...short, iterate: 'BY_ATTACHMENT' }));
  });

  it('compares different where anything else differs', () => {
    for (const changes of [{ priority: 1 }, { unknown: 1 }, { mappings: [{ type: 'Single', template: 'x', targetAttribute: 'y', note: 'kept' }] }]) {
      expect(comparableContent({ ...short, ...changes })).not.toEqual(comparableContent(short));
    }
  });
});
