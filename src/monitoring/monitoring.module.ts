import { Module } from '@nestjs/common';
import { AlertController } from './alert/alert.controller.js';
import { AlertPost } from './alert/alert-post.service.js';
import { AlertRouteController } from './alert/alert-route.controller.js';
import { AlertRoutes } from './alert/alert-routes.service.js';
import { AlertSender } from './alert/alert-sender.service.js';
import { AlertWatch } from './alert/alert-watch.service.js';
import { EndpointMetricsController } from './endpoint-metrics.controller.js';
import { EventController } from './event.controller.js';
import { GaugeReader } from './gauge-reader.service.js';
import { HealthController } from './health.controller.js';
import { OverviewModule } from './overview/overview.module.js';
import { Pulses } from './pulse.service.js';
import { EndpointStops } from './report/endpoint-stops.service.js';
import { ReportCount } from './report/report-count.service.js';
import { ReportModule } from './report/report.module.js';
import { SystemController } from './system/system.controller.js';
import { Readiness } from './readiness.service.js';

/** It tells: health, metrics, alerts, live events, reports. */
@Module({
  imports: [OverviewModule, ReportModule],
  controllers: [SystemController, HealthController, EndpointMetricsController, EventController, AlertController, AlertRouteController],
  providers: [Readiness, GaugeReader, Pulses, AlertWatch, AlertSender, AlertPost, AlertRoutes, EndpointStops, ReportCount],
})
export class MonitoringModule {}
