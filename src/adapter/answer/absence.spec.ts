import { describe, expect, it } from '@jest/globals';
import { MessageView } from '../place/message-view.js';
import { compileAbsence } from './absence.js';

const view = (status: number, body = '{}'): MessageView => new MessageView({ body: Buffer.from(body), contentType: 'application/json', headers: {}, status });
const EMPTY = { body: "type(@) == 'object' && length(keys(@)) == `0`" };

describe('an absence', () => {
  it('is told by an answer that worked, or that refused', () => {
    const isAbsent = compileAbsence([EMPTY]);
    expect(isAbsent(view(200), 'success')).toBe(true);
    expect(isAbsent(view(404), 'rejected')).toBe(true);
    expect(isAbsent(view(200, '{"id":1}'), 'success')).toBe(false);
  });

  it('is not told by a system that is down or does not know us', () => {
    const isAbsent = compileAbsence([EMPTY]);
    for (const [status, outcome] of [[500, 'retryable'], [502, 'unknown'], [401, 'credentials']] as const) expect(isAbsent(view(status), outcome)).toBe(false);
  });

  it('is told by any status that a condition names', () => {
    expect(compileAbsence([{ status: [500], text: 'no such' }])(view(500, 'no such ticket'), 'retryable')).toBe(true);
    expect(compileAbsence(undefined)(view(200), 'success')).toBe(false);
  });
});
