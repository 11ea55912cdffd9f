import type { Routes } from '@angular/router';

export const workRoutes: Routes = [
  { path: '', title: 'Work lists', loadComponent: () => import('./work-list').then((screen) => screen.WorkList) },
];
