export { AlertSender } from './alert/alert-sender.service.js';
export { AlertWatch } from './alert/alert-watch.service.js';
export { OverviewModule } from './overview/overview.module.js';
export { MonitoringModule } from './monitoring.module.js';
export { Readiness } from './readiness.service.js';
export { EndpointStops } from './report/endpoint-stops.service.js';
export { ReportModule } from './report/report.module.js';
