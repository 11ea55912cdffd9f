import { OverlayContainer } from '@angular/cdk/overlay';
import { provideHttpClient, withInterceptors } from '@angular/common/http';
import { type ApplicationConfig, inject, provideBrowserGlobalErrorListeners, provideZonelessChangeDetection } from '@angular/core';
import { TitleStrategy, provideRouter, withComponentInputBinding, withInMemoryScrolling } from '@angular/router';
import { routes } from './app.routes';
import { LandmarkOverlay } from './shell/landmark-overlay';
import { PageTitle } from './shell/page-title';
import { Systems } from './system/systems';
import { SYSTEM_HUE } from './ui/system-hue';
import { expiredSession } from './session/expired-session';

export const appConfig: ApplicationConfig = {
  providers: [
    provideBrowserGlobalErrorListeners(),
    provideZonelessChangeDetection(),
    provideRouter(routes, withComponentInputBinding(), withInMemoryScrolling({ scrollPositionRestoration: 'enabled' })),
    provideHttpClient(withInterceptors([expiredSession])),
    { provide: SYSTEM_HUE, useFactory: () => { const systems = inject(Systems); return (endpoint: string) => systems.hueOf(endpoint); } },
    { provide: OverlayContainer, useExisting: LandmarkOverlay },
    { provide: TitleStrategy, useExisting: PageTitle },
  ],
};
