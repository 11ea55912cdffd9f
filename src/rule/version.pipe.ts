import { Injectable, type PipeTransform } from '@nestjs/common';
import { Problem } from '../web/index.js';

/** Takes the number of a version from the path; anything else names none, hence 404. */
@Injectable()
export class VersionPipe implements PipeTransform<string, number> {
  transform(value: string): number {
    if (!/^[1-9]\d{0,8}$/.test(value)) throw Problem.missing(`version "${value}"`);
    return Number(value);
  }
}
