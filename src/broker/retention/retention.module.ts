import { Module } from '@nestjs/common';
import { RetentionController } from './retention.controller.js';

/** How long things are kept, and how far back an organization sees. */
@Module({ controllers: [RetentionController] })
export class RetentionModule {}
