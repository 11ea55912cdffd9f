export type { ChangeDto, PlanDto } from './configuration.dto.js';
export { ConfigurationModule } from './configuration.module.js';
export { ConfigurationService, type ApplyOptions, type ConfigurationDocument } from './configuration.service.js';
