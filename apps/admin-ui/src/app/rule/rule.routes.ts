import type { Routes } from '@angular/router';
import { askBeforeLoss } from '../schema-form/ask-before-loss';

export const ruleRoutes: Routes = [
  { path: '', title: 'Rules', loadComponent: () => import('./rule-list').then((screen) => screen.RuleList) },
  { path: '_new', title: 'New rule', canDeactivate: [askBeforeLoss], loadComponent: () => import('./editor/rule-editor').then((screen) => screen.RuleEditor) },
  { path: '_import', title: 'Import rules', loadComponent: () => import('./rule-import').then((screen) => screen.RuleImport) },
  { path: ':ruleId', title: 'Rule', loadComponent: () => import('./rule-screen').then((screen) => screen.RuleScreen) },
  { path: ':ruleId/edit', title: 'Edit rule', canDeactivate: [askBeforeLoss], loadComponent: () => import('./editor/rule-editor').then((screen) => screen.RuleEditor) },
];
