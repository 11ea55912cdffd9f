import { Module } from '@nestjs/common';
import { OverviewController } from './overview.controller.js';
import { TrafficCount } from './traffic-count.service.js';

/** Counts traffic, and tells how the whole is doing. */
@Module({ controllers: [OverviewController], providers: [TrafficCount] })
export class OverviewModule {}
