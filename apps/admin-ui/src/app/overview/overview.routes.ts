import type { Routes } from '@angular/router';

export const overviewRoutes: Routes = [{ path: '', title: 'Overview', loadComponent: () => import('./overview').then((screen) => screen.Overview) }];
