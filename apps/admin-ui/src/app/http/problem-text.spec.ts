import { HttpErrorResponse } from '@angular/common/http';
import { isMissing, problemText } from './problem-text';

const answered = (status: number, error: unknown): HttpErrorResponse => new HttpErrorResponse({ status, error, statusText: 'Whatever' });

describe('the sentence for a failed request', () => {
  it('is the detail of the problem document', () => {
    expect(problemText(answered(409, { detail: 'The delivery was sent meanwhile.' }))).toBe('The delivery was sent meanwhile.');
  });

  it('names the first place that is wrong', () => {
    expect(problemText(answered(422, { detail: 'The request does not have the expected shape.', errors: [{ parameter: 'cursor', detail: 'is not a cursor of this list' }] })))
      .toBe('The request does not have the expected shape. cursor is not a cursor of this list');
  });

  it('reads a problem document that came as text', () => {
    expect(problemText(answered(403, '{"detail":"You may not do this."}'))).toBe('You may not do this.');
  });

  it('says that nobody answers', () => {
    expect(problemText(answered(0, null))).toContain('does not answer');
  });

  it('falls back to the status', () => {
    expect(problemText(answered(502, '<html>'))).toBe('Parley answered 502 (Whatever).');
  });

  it('looks through the wrapper that a resource puts around it', () => {
    expect(problemText(new Error('resource failed', { cause: answered(500, { detail: 'The database does not answer.' }) }))).toBe('The database does not answer.');
    expect(isMissing(new Error('resource failed', { cause: answered(404, null) }))).toBe(true);
  });
});
