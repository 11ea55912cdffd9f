import { ChangeDetectionStrategy, Component } from '@angular/core';
import { RouterLink } from '@angular/router';
import { SHELL } from './shell.text';

@Component({
  selector: 'parley-not-found',
  imports: [RouterLink],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `<div><h1>{{ text.heading }}</h1><p class="soft">{{ text.about }}</p><a class="control" routerLink="/overview">{{ text.back }}</a></div>`,
  styles: `div { display: flex; flex-direction: column; align-items: center; justify-content: center; gap: 12px; min-height: 60vh; text-align: center; }`,
})
export class NotFound {
  protected readonly text = SHELL.notFound;
}
