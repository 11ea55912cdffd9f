import { Injectable, inject } from '@angular/core';
import { Title } from '@angular/platform-browser';
import { type RouterStateSnapshot, TitleStrategy } from '@angular/router';

/** "Messages · Parley": the screen first, since tabs cut off the end. */
@Injectable({ providedIn: 'root' })
export class PageTitle extends TitleStrategy {
  private readonly title = inject(Title);

  override updateTitle(state: RouterStateSnapshot): void {
    this.name(this.buildTitle(state));
  }

  /** For screens whose name is known only after reading. */
  name(screen: string | undefined): void {
    this.title.setTitle(screen === undefined ? 'Parley' : `${screen} · Parley`);
  }
}
