import { Injectable, type ArgumentMetadata, type PipeTransform } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import { validate, type ValidationError } from 'class-validator';
import { jsonPointer } from './json-body.js';
import { Problem, type ProblemError } from './problem.js';

const PLAIN: readonly unknown[] = [String, Number, Boolean, Array, Object, Buffer];

/** Checks bodies and parameters against their DTO class; every error comes back at once, with its place. */
@Injectable()
export class ValidationPipe implements PipeTransform {
  async transform(value: unknown, { metatype, type }: ArgumentMetadata): Promise<unknown> {
    if (metatype === undefined || type === 'custom' || PLAIN.includes(metatype)) return value;
    if (type === 'body' && (typeof value !== 'object' || value === null || Array.isArray(value))) {
      throw Problem.invalid([{ pointer: '', detail: 'must be a JSON object' }]);
    }
    const dto = plainToInstance(metatype as new () => object, value ?? {}, { enableImplicitConversion: type !== 'body', exposeUnsetFields: false });
    const found = await validate(dto, { whitelist: true, forbidNonWhitelisted: true, forbidUnknownValues: false });
    if (found.length === 0) return dto;
    throw Problem.invalid(found.flatMap((error) => flatten(error, [], type === 'body')));
  }
}

function flatten(error: ValidationError, above: readonly string[], isBody: boolean): ProblemError[] {
  const path = [...above, error.property];
  const place = isBody ? { pointer: jsonPointer(path) } : { parameter: path.join('.') };
  const own = Object.entries(error.constraints ?? {}).map(([rule, detail]) => ({
    ...place,
    detail: rule === 'whitelistValidation' ? 'is not known here' : detail.startsWith(`${error.property} `) ? detail.slice(error.property.length + 1) : detail,
  }));
  return [...own, ...(error.children ?? []).flatMap((child) => flatten(child, path, isBody))];
}
