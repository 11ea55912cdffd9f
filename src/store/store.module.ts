import { Global, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { SETTINGS, type Settings } from '../config/settings.js';
import { Database } from './database.js';

/** Gives everyone the settings and the open database, and closes it last. */
@Global()
@Module({})
export class StoreModule implements OnApplicationShutdown {
  constructor(private readonly database: Database) {}

  static with(settings: Settings, database: Database): DynamicModule {
    const provided = [{ provide: SETTINGS, useValue: settings }, { provide: Database, useValue: database }];
    return { module: StoreModule, providers: provided, exports: provided };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.database.close();
  }
}
