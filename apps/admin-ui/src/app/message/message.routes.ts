import type { Routes } from '@angular/router';

export const messageRoutes: Routes = [
  { path: '', title: 'Messages', loadComponent: () => import('./message-list').then((screen) => screen.MessageList) },
  { path: ':messageId', title: 'Message', loadComponent: () => import('./message-screen').then((screen) => screen.MessageScreen) },
];
