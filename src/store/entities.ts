import type { EntityTarget, ObjectLiteral } from 'typeorm';
import { EndpointRow } from './endpoint/endpoint.entity.js';
import { ApiKeyRow } from './identity/api-key.entity.js';
import { MembershipRow } from './identity/membership.entity.js';
import { OrganizationRow } from './identity/organization.entity.js';
import { PersonSessionRow } from './identity/person-session.entity.js';
import { PersonRow } from './identity/person.entity.js';
import { RuleSetRow } from './rule/rule-set.entity.js';
import { RuleVersionRow } from './rule/rule-version.entity.js';
import { RuleRow } from './rule/rule.entity.js';

/** Every TypeORM entity, grouped as their tables are. */
export const ENTITIES: readonly (EntityTarget<ObjectLiteral> & (new () => object))[] = [
  OrganizationRow, PersonRow, PersonSessionRow, MembershipRow, ApiKeyRow,
  EndpointRow, RuleRow, RuleVersionRow, RuleSetRow,
];
