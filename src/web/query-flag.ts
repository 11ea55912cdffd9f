import { Transform } from 'class-transformer';

/** A true/false query parameter. Without it the implicit conversion makes `false` into true. */
export const QueryFlag = (): PropertyDecorator =>
  Transform(({ obj, key }) => {
    const given: unknown = (obj as Record<string, unknown>)[key];
    return given === 'true' || given === '1' || given === '' ? true : given === 'false' || given === '0' ? false : given;
  });
