import type { Routes } from '@angular/router';

export const deliveryRoutes: Routes = [
  { path: '', title: 'Deliveries', loadComponent: () => import('./delivery-list').then((screen) => screen.DeliveryList) },
];
