import { Module } from '@nestjs/common';
import { EndpointModule } from '../../adapter/index.js';
import { ConfigurationModule } from '../../configuration/index.js';
import { SandboxModule } from '../sandbox.module.js';
import { Demo } from './demo.service.js';

/** The demo that a new installation starts with. */
@Module({ imports: [SandboxModule, EndpointModule, ConfigurationModule], providers: [Demo], exports: [Demo] })
export class DemoModule {}
