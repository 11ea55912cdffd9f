import { HttpErrorResponse } from '@angular/common/http';
import { describe, expect, it } from 'vitest';
import { fieldProblems, formProblemText } from './field-problems';

const refusal = (errors: readonly object[], asText = false): HttpErrorResponse => {
  const problem = { detail: 'The request does not have the expected shape.', errors };
  return new HttpErrorResponse({ status: 422, error: asText ? JSON.stringify(problem) : problem });
};

describe('the places of problems', () => {
  it('are taken from a refusal; what names no place of the body is left out', () => {
    expect(fieldProblems(refusal([{ pointer: '/settings/baseUrl', detail: 'is missing' }, { parameter: 'x', detail: 'y' }]))).toEqual([{ pointer: '/settings/baseUrl', detail: 'is missing' }]);
    expect(fieldProblems(new Error('away'))).toEqual([]);
  });

  it('are named as the form names its fields', () => {
    expect(formProblemText(refusal([{ pointer: '/currentPassword', detail: 'is wrong' }], true), { '/currentPassword': 'Current password' })).toBe('Current password is wrong.');
  });

  it('are told as the API tells them where the form has no such field', () => {
    expect(formProblemText(refusal([{ pointer: '/other', detail: 'is wrong' }]), {})).toBe('The request does not have the expected shape. /other is wrong');
  });
});
