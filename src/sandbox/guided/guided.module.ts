import { Module } from '@nestjs/common';
import { EndpointModule } from '../../adapter/index.js';
import { SandboxModule } from '../sandbox.module.js';
import { ToolConnector } from './connect-tool.service.js';
import { GuidedController } from './guided.controller.js';

/** What guides a newcomer to the first ticket. */
@Module({ imports: [SandboxModule, EndpointModule], controllers: [GuidedController], providers: [ToolConnector] })
export class GuidedModule {}
