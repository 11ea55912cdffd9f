import { Global, Module, type DynamicModule } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { ApiKeyController } from './api-key.controller.js';
import { ApiKeyService } from './api-key.service.js';
import { AuditLog } from './audit-log.js';
import { AuditController } from './audit.controller.js';
import { AuthenticationGuard } from './authentication.guard.js';
import { AuthenticationHook } from './authentication.hook.js';
import { Authenticator } from './authenticator.js';
import { Housekeeping } from './housekeeping.js';
import { InboundGate } from './inbound-gate.js';
import { InstallationKey } from './installation-key.js';
import { Admission } from './oidc/admission.service.js';
import { OidcClient } from './oidc/oidc-client.js';
import { OidcSignIn } from './oidc/oidc-sign-in.service.js';
import { SignInProviderController } from './oidc/sign-in-provider.controller.js';
import { SignInProviders } from './oidc/sign-in-providers.service.js';
import { SignInController } from './oidc/sign-in.controller.js';
import { OrganizationController } from './organization.controller.js';
import { OrganizationService } from './organization.service.js';
import { RepeatHook } from './repeat.hook.js';
import { SecretBox } from './secret-box.js';
import { SessionController } from './session.controller.js';
import { SessionService } from './session.service.js';
import { SignInThrottle } from './sign-in-throttle.js';
import { UserController } from './user.controller.js';
import { UserService } from './user.service.js';

/** Who may do what: organizations, people, sessions, keys, secrets, audit log. */
@Global()
@Module({})
export class IdentityModule {
  static with(key: InstallationKey): DynamicModule {
    return {
      module: IdentityModule,
      controllers: [SessionController, SignInController, SignInProviderController, UserController, ApiKeyController, OrganizationController, AuditController],
      providers: [
        { provide: InstallationKey, useValue: key },
        { provide: SecretBox, useValue: new SecretBox(key) },
        { provide: APP_GUARD, useClass: AuthenticationGuard },
        AuditLog, AuthenticationHook, Authenticator, Housekeeping, InboundGate, RepeatHook,
        Admission, ApiKeyService, OidcClient, OidcSignIn, OrganizationService, SessionService, SignInProviders, SignInThrottle, UserService,
      ],
      exports: [AuditLog, Authenticator, InboundGate, InstallationKey, SecretBox],
    };
  }
}
