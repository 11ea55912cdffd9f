import { Module } from '@nestjs/common';
import { EndpointModule } from '../adapter/index.js';
import { RuleModule } from '../rule/index.js';
import { ConfigurationController } from './configuration.controller.js';
import { ConfigurationService } from './configuration.service.js';
import { TemplateController } from './template/template.controller.js';

/** The configuration document: export, plan, apply. */
@Module({ imports: [RuleModule, EndpointModule], controllers: [ConfigurationController, TemplateController], providers: [ConfigurationService], exports: [ConfigurationService] })
export class ConfigurationModule {}
