import { Module } from '@nestjs/common';
import { UnmappedCount } from './unmapped-count.service.js';
import { UnmappedController } from './unmapped.controller.js';

/** What tables of rules had no row for: counted as it goes by, and shown. */
@Module({ controllers: [UnmappedController], providers: [UnmappedCount] })
export class UnmappedModule {}
