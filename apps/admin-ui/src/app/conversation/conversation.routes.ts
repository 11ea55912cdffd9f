import type { Routes } from '@angular/router';

export const conversationRoutes: Routes = [
  { path: ':conversationId', title: 'Conversation', loadComponent: () => import('./conversation-screen').then((screen) => screen.ConversationScreen) },
];
