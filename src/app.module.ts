import { Module, type DynamicModule } from '@nestjs/common';
import { AdapterModule } from './adapter/index.js';
import { BrokerModule } from './broker/index.js';
import type { Settings } from './config/settings.js';
import { ConfigurationModule } from './configuration/index.js';
import { ConsoleModule } from './console/index.js';
import { IdentityModule, type InstallationKey } from './identity/index.js';
import { MonitoringModule } from './monitoring/index.js';
import { NetModule } from './net/index.js';
import { QueueModule } from './queue/index.js';
import { RuleModule } from './rule/index.js';
import { DemoModule, GuidedModule, SandboxModule } from './sandbox/index.js';
import type { Database } from './store/database.js';
import { StoreModule } from './store/store.module.js';
import { WebModule } from './web/index.js';

/** What must be open before the modules are made. */
export interface Foundation {
  readonly settings: Settings;
  readonly database: Database;
  readonly key: InstallationKey;
}

/** The modules, nothing else; lowest first. */
@Module({})
export class AppModule {
  static with({ settings, database, key }: Foundation): DynamicModule {
    return {
      module: AppModule,
      imports: [
        StoreModule.with(settings, database),
        WebModule,
        NetModule,
        QueueModule,
        IdentityModule.with(key),
        RuleModule,
        AdapterModule,
        BrokerModule,
        ConfigurationModule,
        MonitoringModule,
        SandboxModule,
        DemoModule,
        GuidedModule,
        ConsoleModule,
      ],
    };
  }
}
