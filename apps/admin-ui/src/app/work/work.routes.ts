import type { Routes } from '@angular/router';

export const workRoutes: Routes = [
  { path: '', title: 'Work lists', loadComponent: () => import('./work-list').then((screen) => screen.WorkList) },
  { path: 'unmapped', title: 'Unmapped values', loadComponent: () => import('./unmapped-list').then((screen) => screen.UnmappedList) },
];
