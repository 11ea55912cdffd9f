import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import { Icon } from '../ui/icon';
import { PageHeader } from '../ui/page-header';
import { RuleBeginning } from './rule-beginning';
import { RuleImportStore } from './rule-import-store';
import { IMPORT } from './rule-import.text';
import { RULE } from './rule.text';

/** Takes rule files: shows what is in them and what is wrong before anything is imported. */
@Component({
  selector: 'parley-rule-import',
  imports: [Icon, PageHeader, RouterLink],
  providers: [RuleImportStore],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './rule-import.html',
  styleUrl: './rule-import.scss',
})
export class RuleImport {
  private readonly router = inject(Router);
  private readonly beginning = inject(RuleBeginning);
  protected readonly store = inject(RuleImportStore);
  protected readonly text = IMPORT;
  protected readonly ruleText = RULE;
  protected readonly isOver = computed(() => this.store.imported() !== undefined);

  protected async choose(files: FileList | null | undefined): Promise<void> {
    const [file] = files ?? [];
    if (file !== undefined) await this.store.read(file.name, await file.text());
  }

  protected async drop(event: DragEvent): Promise<void> {
    event.preventDefault();
    await this.choose(event.dataTransfer?.files);
  }

  protected over(event: DragEvent): void { event.preventDefault(); }
  protected readPasted(text: string): void { void this.store.read(IMPORT.pasted, text); }
  protected import(): void { void this.store.import(); }

  /** Nothing is imported: it is the beginning of a new rule. */
  protected open(at: number): void {
    const document = this.store.documents()[at];
    if (document === undefined) return;
    this.beginning.put(document);
    void this.router.navigate(['/rules/_new']);
  }
}
