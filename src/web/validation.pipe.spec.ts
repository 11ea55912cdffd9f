import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, ValidateNested } from 'class-validator';
import { PageQuery } from './page.dto.js';
import { QueryFlag } from './query-flag.js';
import { ValidationPipe } from './validation.pipe.js';

class Inner {
  @IsString()
  name: string;
}

class Outer {
  @IsInt()
  count: number;

  @ValidateNested({ each: true }) @Type(() => Inner)
  inner: Inner[];
}

class Flags {
  @IsOptional() @QueryFlag()
  dryRun?: boolean;
}

const pipe = new ValidationPipe();

describe('a body', () => {
  it('becomes its class', async () => {
    const made = await pipe.transform({ count: 1, inner: [{ name: 'a' }] }, { type: 'body', metatype: Outer });
    expect(made).toBeInstanceOf(Outer);
  });

  it('is refused with a pointer to everything that is wrong', async () => {
    const wrong = { count: '1', inner: [{ name: 'a' }, { name: 2, 'x/y': 3 }] };
    await expect(pipe.transform(wrong, { type: 'body', metatype: Outer })).rejects.toMatchObject({
      status: 422,
      errors: expect.arrayContaining([
        { pointer: '/count', detail: 'must be an integer number' },
        { pointer: '/inner/1/name', detail: 'must be a string' },
        { pointer: '/inner/1/x~1y', detail: 'is not known here' },
      ]) as unknown,
    });
  });

  it.each([undefined, null, [], 'text', 7])('that is %p is no object', async (body) => {
    await expect(pipe.transform(body, { type: 'body', metatype: Outer })).rejects.toMatchObject({ status: 422, errors: [{ pointer: '', detail: 'must be a JSON object' }] });
  });
});

describe('a query', () => {
  it('has defaults and numbers', async () => {
    expect(await pipe.transform({}, { type: 'query', metatype: PageQuery })).toMatchObject({ limit: 50 });
    expect(await pipe.transform({ limit: '7' }, { type: 'query', metatype: PageQuery })).toMatchObject({ limit: 7 });
  });

  it.each(['0', '201', 'x', '1.5'])('is refused by parameter: limit=%s', async (limit) => {
    await expect(pipe.transform({ limit }, { type: 'query', metatype: PageQuery })).rejects.toMatchObject({ errors: expect.arrayContaining([expect.objectContaining({ parameter: 'limit' })]) as unknown });
  });

  it('takes false as false', async () => {
    expect(await pipe.transform({ dryRun: 'false' }, { type: 'query', metatype: Flags })).toMatchObject({ dryRun: false });
    expect(await pipe.transform({ dryRun: 'true' }, { type: 'query', metatype: Flags })).toMatchObject({ dryRun: true });
  });
});
