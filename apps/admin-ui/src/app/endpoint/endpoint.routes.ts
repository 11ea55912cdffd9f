import type { Routes } from '@angular/router';
import { askBeforeLoss } from '../schema-form/ask-before-loss';

export const endpointRoutes: Routes = [
  { path: '', title: 'Endpoints', loadComponent: () => import('./endpoint-list').then((screen) => screen.EndpointList) },
  // No endpoint can have these ids: one begins with a letter or digit.
  { path: '_refused', title: 'Refused requests', loadComponent: () => import('./refused-list').then((screen) => screen.RefusedList) },
  { path: '_new', title: 'Connect a system', canDeactivate: [askBeforeLoss], loadComponent: () => import('./endpoint-editor').then((screen) => screen.EndpointEditor) },
  { path: ':endpointId/edit', title: 'Edit endpoint', canDeactivate: [askBeforeLoss], loadComponent: () => import('./endpoint-editor').then((screen) => screen.EndpointEditor) },
  { path: ':endpointId/fields', title: 'Fields of an endpoint', loadComponent: () => import('./discovery').then((screen) => screen.Discovery) },
  { path: ':endpointId', title: 'Endpoint', loadComponent: () => import('./endpoint-screen').then((screen) => screen.EndpointScreen) },
];
