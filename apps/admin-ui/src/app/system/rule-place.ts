import { Pipe, type PipeTransform, inject } from '@angular/core';
import { Session } from '../session/session';

/** Where a rule is shown; null for those who may not read rules: then its name is a name and no link. */
@Pipe({ name: 'rulePlace' })
export class RulePlace implements PipeTransform {
  private readonly session = inject(Session);

  transform(ruleId: string | null): readonly string[] | null {
    return ruleId !== null && this.session.may('rules:read') ? ['/rules', ruleId] : null;
  }
}
