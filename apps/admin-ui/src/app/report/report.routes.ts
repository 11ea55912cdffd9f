import type { Routes } from '@angular/router';

export const reportRoutes: Routes = [{ path: '', title: 'Reports', loadComponent: () => import('./service-levels').then((screen) => screen.ServiceLevels) }];
