import { Module } from '@nestjs/common';
import { RuleModule } from '../../rule/index.js';
import { AddressKeepers } from '../address/address-keepers.js';
import { SuppressedAddressController } from '../address/suppressed-address.controller.js';
import { SuppressedAddresses } from '../address/suppressed-addresses.service.js';
import { SuppressionLog } from '../address/suppression-log.js';
import { AdapterController } from './adapter.controller.js';
import { ConnectionController } from './connection.controller.js';
import { ConnectionKeepers } from './connection-keeper.js';
import { Connections } from './connections.service.js';
import { CredentialController } from './credential.controller.js';
import { EndpointHealth } from './endpoint-health.service.js';
import { EndpointPauses } from './endpoint-pauses.service.js';
import { EndpointPresetController } from './endpoint-preset.controller.js';
import { EndpointPresets } from './endpoint-presets.service.js';
import { EndpointSecrets } from './endpoint-secrets.js';
import { EndpointView } from './endpoint-view.service.js';
import { EndpointController } from './endpoint.controller.js';
import { EndpointService } from './endpoint.service.js';
import { Endpoints } from './endpoints.service.js';
import { MaintenanceController } from './maintenance.controller.js';
import { RequestPreviewController } from './request-preview.controller.js';
import { RequestPreviews } from './request-preview.service.js';

/** Connected systems: how they are set, and as the stages ask for them. */
@Module({
  imports: [RuleModule],
  controllers: [AdapterController, EndpointController, ConnectionController, CredentialController, EndpointPresetController, MaintenanceController, RequestPreviewController, SuppressedAddressController],
  providers: [AddressKeepers, ConnectionKeepers, Connections, EndpointSecrets, Endpoints, EndpointHealth, EndpointPauses, EndpointPresets, EndpointService, EndpointView, RequestPreviews, SuppressedAddresses, SuppressionLog],
  exports: [Endpoints, EndpointPauses, EndpointService, EndpointView, SuppressionLog],
})
export class EndpointModule {}
