import { NotFoundException } from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import { failure } from '../core/message/failure.js';
import { isUniqueViolation, problemOf } from './problem-of.js';
import { Problem, problemDocument } from './problem.js';

describe('a problem', () => {
  it('is told with a type and a title that depend on its code alone', () => {
    expect(problemDocument(new Problem(422, 'idempotency-key-reused', 'Used before.', { errors: [{ pointer: '/a', detail: 'is wrong' }] }))).toEqual({
      type: 'urn:parley:problem:idempotency-key-reused', title: 'Idempotency key reused', status: 422, code: 'idempotency-key-reused',
      detail: 'Used before.', errors: [{ pointer: '/a', detail: 'is wrong' }],
    });
  });

  it('is made of a failure by the table of kinds', () => {
    expect(Problem.ofFailure(failure('missing', 'unknown-endpoint', 'No such endpoint.'))).toMatchObject({ status: 404, code: 'unknown-endpoint' });
    expect(Problem.ofFailure(failure('target-down', 'paused', 'Paused.', 1_500))).toMatchObject({ status: 503, headers: { 'retry-after': '2' } });
  });
});

describe('what was thrown', () => {
  it('is a problem where it is foreseen', () => {
    expect(problemOf(new NotFoundException('Cannot GET /x'))).toMatchObject({ status: 404, code: 'not-found' });
    expect(problemOf(Object.assign(new Error('x'), { code: 'FST_ERR_CTP_BODY_TOO_LARGE' }))).toMatchObject({ status: 413 });
  });

  it('is a store that is away where the database does not answer', () => {
    expect(problemOf(Object.assign(new Error('x'), { driverError: { code: '57P01' } }))).toMatchObject({ status: 503, code: 'store-down' });
    expect(problemOf(new Error('timeout exceeded when trying to connect'))).toMatchObject({ status: 503 });
  });

  it('is a fault of ours in all other cases', () => {
    expect(problemOf(new TypeError('undefined is not a function'))).toBeUndefined();
    expect(problemOf('text')).toBeUndefined();
    expect(problemOf(Object.assign(new Error('x'), { code: '42P01' }))).toBeUndefined();
  });

  it('tells unique violations apart', () => {
    expect(isUniqueViolation(Object.assign(new Error('x'), { driverError: { code: '23505' } }))).toBe(true);
    expect(isUniqueViolation(new Error('x'))).toBe(false);
  });
});
