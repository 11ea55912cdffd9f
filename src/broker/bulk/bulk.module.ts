import { Module } from '@nestjs/common';
import { BulkRunner } from './bulk-runner.service.js';
import { BulkController } from './bulk.controller.js';
import { Bulks } from './bulk.service.js';

/** What operators do with many deliveries, messages or delayed executions at once. */
@Module({ controllers: [BulkController], providers: [Bulks, BulkRunner] })
export class BulkModule {}
