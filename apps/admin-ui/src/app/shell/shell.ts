import { CdkMenu, CdkMenuItem, CdkMenuItemRadio, CdkMenuTrigger } from '@angular/cdk/menu';
import { ChangeDetectionStrategy, Component, DestroyRef, type ElementRef, Injector, afterNextRender, computed, inject, viewChild } from '@angular/core';
import { MatDialog } from '@angular/material/dialog';
import { Router, RouterLink, RouterLinkActive, RouterOutlet } from '@angular/router';
import { isTyping } from '../keyboard/typing';
import { Live } from '../live/live';
import { Session } from '../session/session';
import { Theme, type ThemeChoice } from '../theme/theme';
import { Icon } from '../ui/icon';
import type { IconName } from '../ui/icon-paths';
import { ServerHealth } from './health';
import { SHELL } from './shell.text';
import { ShortcutHelp } from './shortcut-help';

const THEME_ICONS: Readonly<Record<ThemeChoice, IconName>> = { system: 'system', light: 'light', dark: 'dark' };
/** How long `g` waits for the letter of the place to go to. */
const CHORD_MS = 1_200;

/** The frame around every screen: where one can go, for which organization, how the server is, who one is. */
@Component({
  selector: 'parley-shell',
  imports: [CdkMenu, CdkMenuItem, CdkMenuItemRadio, CdkMenuTrigger, Icon, RouterLink, RouterLinkActive, RouterOutlet],
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { '(document:keydown)': 'obey($event)' },
  templateUrl: './shell.html',
  styleUrl: './shell.scss',
})
export class Shell {
  private readonly session = inject(Session);
  private readonly router = inject(Router);
  private readonly dialog = inject(MatDialog);
  private readonly theming = inject(Theme);
  private readonly health = inject(ServerHealth);
  private readonly live = inject(Live);
  private readonly injector = inject(Injector);
  private readonly content = viewChild.required<ElementRef<HTMLElement>>('content');
  private chordUntil = 0;

  protected readonly text = SHELL;
  protected readonly themes: readonly ThemeChoice[] = ['system', 'light', 'dark'];
  protected readonly themeIcons = THEME_ICONS;
  protected readonly theme = this.theming.choice;
  protected readonly healthState = this.health.state;
  protected readonly liveMode = this.live.mode;
  protected readonly organization = computed(() => this.session.view()?.organization);
  protected readonly organizations = computed(() => this.session.view()?.organizations ?? []);
  protected readonly person = computed(() => this.session.view()?.person);
  protected readonly role = computed(() => this.session.view()?.organization.role);
  protected readonly groups = computed(() =>
    SHELL.groups
      .map((group) => ({ ...group, destinations: group.destinations.filter((place) => place.permission === undefined || this.session.may(place.permission)) }))
      .filter((group) => group.destinations.length > 0),
  );

  constructor() {
    this.live.start();
    // Nobody is signed in elsewhere: a connection that was refused is tried anew by the next shell.
    inject(DestroyRef).onDestroy(() => { this.live.stop(); });
  }

  protected chooseTheme(choice: ThemeChoice): void {
    this.theming.choose(choice);
  }

  protected async signOut(): Promise<void> {
    await this.session.signOut();
    // The answer to signing out also empties the browser's storage; the theme is no secret.
    this.theming.choose(this.theme());
  }

  protected switchTo(slug: string): void {
    void this.session.switchTo(slug);
  }

  protected skipToContent(event: Event): void {
    event.preventDefault();
    this.content().nativeElement.focus();
  }

  /** Where all areas do not fit, the one that somebody is in is in sight. */
  protected reveal(isHere: boolean, link: HTMLElement): void {
    if (isHere) link.scrollIntoView({ block: 'nearest', inline: 'center' });
  }

  protected showHelp(): void {
    if (this.dialog.openDialogs.length === 0) this.dialog.open(ShortcutHelp, { width: '420px' });
  }

  /** Where a screen has nothing to search, a ticket is searched. */
  private async findTicket(): Promise<void> {
    await this.router.navigateByUrl('/messages');
    afterNextRender({ read: () => { searchField()?.focus(); } }, { injector: this.injector });
  }

  protected obey(event: KeyboardEvent): void {
    if (isTyping(event)) return;
    if (event.key === '?') { this.showHelp(); return; }
    if (event.key === '/' && searchField() === null) { event.preventDefault(); void this.findTicket(); return; }
    if (event.key === 'g') { this.chordUntil = event.timeStamp + CHORD_MS; return; }
    if (event.timeStamp > this.chordUntil) {
      if (event.key === 'n') document.querySelector<HTMLElement>('.news button')?.click(); // what a live list holds back
      return;
    }
    this.chordUntil = 0;
    const place = this.groups().flatMap((group) => group.destinations).find((destination) => destination.key === event.key);
    if (place !== undefined) void this.router.navigateByUrl(place.path);
  }
}

const searchField = (): HTMLElement | null => document.querySelector<HTMLElement>('input[aria-keyshortcuts="/"]');
