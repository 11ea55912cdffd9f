import type { Routes } from '@angular/router';

export const administrationRoutes: Routes = [
  { path: '', pathMatch: 'full', redirectTo: 'people' },
  { path: 'people', title: 'People', loadComponent: () => import('./people').then((screen) => screen.People) },
  { path: 'api-keys', title: 'API keys', loadComponent: () => import('./api-keys').then((screen) => screen.ApiKeys) },
  { path: 'sign-in', title: 'Sign-in', loadComponent: () => import('./sign-in-providers').then((screen) => screen.SignInProviders) },
  { path: 'audit', title: 'Audit log', loadComponent: () => import('./audit').then((screen) => screen.Audit) },
  { path: 'alerts', title: 'Alerts', loadComponent: () => import('./alerts').then((screen) => screen.Alerts) },
  { path: 'retention', title: 'Retention', loadComponent: () => import('./retention').then((screen) => screen.Retention) },
  { path: 'organizations', title: 'Organizations', loadComponent: () => import('./organizations').then((screen) => screen.Organizations) },
  { path: 'health', title: 'System health', loadComponent: () => import('./system-health').then((screen) => screen.SystemHealth) },
];
