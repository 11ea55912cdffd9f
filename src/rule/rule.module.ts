import { Module } from '@nestjs/common';
import { ConfigurationWatch } from './configuration-watch.service.js';
import { RuleEditingController } from './editing/rule-editing.controller.js';
import { RuleEditing } from './editing/rule-editing.service.js';
import { RuleBulkController } from './rule-bulk.controller.js';
import { RuleBulk } from './rule-bulk.service.js';
import { RuleImport } from './rule-import.service.js';
import { RuleController } from './rule.controller.js';
import { RuleService } from './rule.service.js';
import { RuleSets } from './rule-sets.service.js';
import { RuleTestController } from './testing/rule-test.controller.js';
import { TranslationController } from './translation/translation.controller.js';
import { Translations } from './translation/translations.service.js';

/** Rules and versions: storage, the compiled sets in memory, import and export. Expects `Database` and `AuditLog` to be provided globally. */
@Module({
  controllers: [RuleBulkController, RuleEditingController, RuleTestController, RuleController, TranslationController],
  providers: [ConfigurationWatch, RuleSets, RuleService, RuleBulk, RuleImport, RuleEditing, Translations],
  exports: [ConfigurationWatch, RuleSets, RuleService, Translations],
})
export class RuleModule {}
