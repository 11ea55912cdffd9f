import { Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { SETTINGS, type Settings } from '../config/settings.js';
import { GuardedHttp } from './guarded-http.js';
import { installationEgress, proxyOfInstallation } from './installation-egress.js';

/** Provides the one way out. Expects the settings object to be provided globally. */
@Global()
@Module({
  providers: [{ provide: GuardedHttp, inject: [SETTINGS], useFactory: (settings: Settings) => new GuardedHttp(installationEgress(settings), proxyOfInstallation(settings)) }],
  exports: [GuardedHttp],
})
export class NetModule implements OnApplicationShutdown {
  constructor(@Inject(GuardedHttp) private readonly http: GuardedHttp) {}

  async onApplicationShutdown(): Promise<void> {
    await this.http.close();
  }
}
