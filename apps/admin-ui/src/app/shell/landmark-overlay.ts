import { OverlayContainer } from '@angular/cdk/overlay';
import { Injectable } from '@angular/core';
import { SHELL } from './shell.text';

/** Menus, dialogs and notices lie outside the page's areas; for whoever goes from area to area they are one of their own. */
@Injectable({ providedIn: 'root' })
export class LandmarkOverlay extends OverlayContainer {
  protected override _createContainer(): void {
    super._createContainer();
    this._containerElement?.setAttribute('role', 'region');
    this._containerElement?.setAttribute('aria-label', SHELL.overlay);
  }
}
