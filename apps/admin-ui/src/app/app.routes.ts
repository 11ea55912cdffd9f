import type { Routes } from '@angular/router';
import { signedInGuard } from './session/signed-in-guard';

export const routes: Routes = [
  { path: 'sign-in', title: 'Sign in', loadComponent: () => import('./sign-in/sign-in').then((area) => area.SignIn) },
  {
    path: '',
    canActivate: [signedInGuard],
    loadComponent: () => import('./shell/shell').then((area) => area.Shell),
    children: [
      { path: '', pathMatch: 'full', redirectTo: 'overview' },
      { path: 'overview', loadChildren: () => import('./overview/overview.routes').then((area) => area.overviewRoutes) },
      { path: 'first-run', title: 'Your first ticket', loadComponent: () => import('./first-run/first-run').then((area) => area.FirstRun) },
      { path: 'messages', loadChildren: () => import('./message/message.routes').then((area) => area.messageRoutes) },
      { path: 'conversations', loadChildren: () => import('./conversation/conversation.routes').then((area) => area.conversationRoutes) },
      { path: 'deliveries', loadChildren: () => import('./delivery/delivery.routes').then((area) => area.deliveryRoutes) },
      { path: 'work', loadChildren: () => import('./work/work.routes').then((area) => area.workRoutes) },
      { path: 'reports', loadChildren: () => import('./report/report.routes').then((area) => area.reportRoutes) },
      { path: 'endpoints', loadChildren: () => import('./endpoint/endpoint.routes').then((area) => area.endpointRoutes) },
      { path: 'rules', loadChildren: () => import('./rule/rule.routes').then((area) => area.ruleRoutes) },
      { path: 'administration', loadChildren: () => import('./administration/administration.routes').then((area) => area.administrationRoutes) },
      { path: 'account', title: 'Your account', loadComponent: () => import('./account/account-screen').then((area) => area.AccountScreen) },
      { path: '**', title: 'Not found', loadComponent: () => import('./shell/not-found').then((area) => area.NotFound) },
    ],
  },
];
