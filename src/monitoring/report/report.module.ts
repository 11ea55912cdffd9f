import { Module } from '@nestjs/common';
import { ReportController } from './report.controller.js';

/** Reads what was counted. */
@Module({ controllers: [ReportController] })
export class ReportModule {}
