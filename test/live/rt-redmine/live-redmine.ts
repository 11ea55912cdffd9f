import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { freePort } from '../../../scripts/embedded-postgres.mjs';
import { Daemon, DEBIAN, hand, must, runAs } from './live-system.js';

/** A project, a user for Parley, an agent, the custom field; prints keys and ids. */
const BOOT = `{rest_api_enabled: '1', login_required: '1', notified_events: []}.each { |k, v| Setting[k] = v }
p = Project.create!(identifier: 'itsm', name: 'ITSM', is_public: false, enabled_module_names: %w[issue_tracking], trackers: Tracker.all)
f = IssueCustomField.create!(name: 'ParleyRef', field_format: 'string', is_for_all: true, is_filter: true, trackers: Tracker.all)
%w[parley vera].each do |name|
  u = User.new(firstname: name.capitalize, lastname: 'User', mail: "#{name}@itsm.test", language: 'en', mail_notification: 'none'); u.login = name; u.password = u.password_confirmation = 'long-enough-1'; u.save!
  Member.create!(project: p, principal: u, roles: [Role.find_by_name('Manager')]); puts "#{name}=#{u.api_key}", "#{name}Id=#{u.id}"
end
puts "field=#{f.id}"
`;

/** Notes of a journal, and whether Parley wrote them. */
export interface RedmineNote { readonly issue: number; readonly byParley: boolean; readonly isPrivate: boolean; readonly text: string }

/** Redmine from Debian on puma over SQLite, in a folder of its own. */
export class LiveRedmine {
  private constructor(private readonly folder: string, readonly url: string, readonly said: Readonly<Record<string, string>>, readonly daemon: Daemon) {}

  static async start(parent: string): Promise<LiveRedmine> {
    const folder = join(parent, 'redmine');
    mkdirSync(folder, { mode: 0o755 });
    copyFileSync(DEBIAN.redmineDatabase, join(folder, 'db'));
    writeFileSync(join(folder, 'boot.rb'), BOOT);
    mkdirSync(join(folder, 'files'));
    // Its only thread would wait for each connection's next request, and serve nobody meanwhile.
    writeFileSync(join(folder, 'config.ru'), `require '${DEBIAN.redmine}/config/environment'\nAttachment.storage_path = '${join(folder, 'files')}'\nPuma::Const.send(:remove_const, :FAST_TRACK_KA_TIMEOUT); Puma::Const::FAST_TRACK_KA_TIMEOUT = 0\nrun Rails.application\n`);
    hand(folder);
    // Who finds SQLite locked, by us who look into it too, waits: without that it answers 500.
    const environment = { RAILS_ENV: 'production', DATABASE_URL: `sqlite3:${join(folder, 'db')}?timeout=20000` };
    const said = Object.fromEntries([...runAs(environment, ['bin/rails', 'runner', join(folder, 'boot.rb')], DEBIAN.redmine).matchAll(/^(\w+)=(\S+)$/gm)].map(([, name, value]) => [name!, value!]));
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    // One thread: of several on SQLite one may find the database locked, and answers 500.
    const program = ['puma', '-e', 'production', '-b', `tcp://127.0.0.1:${port}`, '-t', '1:1', '--dir', DEBIAN.redmine, join(folder, 'config.ru')];
    const daemon = new Daemon(environment, program, async () => (await fetch(`${url}/users/current.json`, { headers: { 'x-redmine-api-key': said['parley'] ?? '' } })).ok);
    const made = new LiveRedmine(folder, url, said, daemon);
    await daemon.start();
    return made;
  }

  /** As Vera, an agent. */
  call(method: string, path: string, body: unknown): Promise<unknown> {
    return must(`${this.url}${path}`, { 'x-redmine-api-key': this.said['vera']! }, { method, body });
  }

  async upload(name: string, content: Buffer): Promise<{ token: string; filename: string; content_type: string }> {
    const { upload } = (await must(`${this.url}/uploads.json?filename=${encodeURIComponent(name)}`, { 'x-redmine-api-key': this.said['vera']!, 'content-type': 'application/octet-stream' }, { method: 'POST', form: new Uint8Array(content) })) as { upload: { token: string } };
    return { token: upload.token, filename: name, content_type: 'application/octet-stream' };
  }

  async create(subject: string, description: string, uploads: readonly object[] = []): Promise<string> {
    const { issue } = (await this.call('POST', '/issues.json', { issue: { project_id: 'itsm', tracker_id: 1, priority_id: 4, subject, description, uploads } })) as { issue: { id: number } };
    return String(issue.id);
  }

  private rows<T>(sql: string): T[] {
    const database = new DatabaseSync(join(this.folder, 'db'), { readOnly: true });
    try {
      return database.prepare(sql).all() as T[];
    } finally {
      database.close();
    }
  }

  issues(): { id: number; subject: string; description: string; status: number; priority: number }[] {
    return this.rows('SELECT id, subject, description, status_id AS status, priority_id AS priority FROM issues ORDER BY id');
  }

  notes(): RedmineNote[] {
    return this.rows<{ issue: number; user: number; isPrivate: number; text: string }>(`SELECT journalized_id AS issue, user_id AS user, private_notes AS isPrivate, notes AS text FROM journals WHERE coalesce(notes, '') <> '' ORDER BY id`)
      .map(({ user, isPrivate, ...row }) => ({ ...row, byParley: String(user) === this.said['parleyId'], isPrivate: Boolean(isPrivate) }));
  }

  /** Files that Parley brought, with their bytes. */
  files(): { issue: number; name: string; content: Buffer }[] {
    const rows = this.rows<{ issue: number; name: string; path: string; folder: string | null }>(`SELECT container_id AS issue, filename AS name, disk_filename AS path, disk_directory AS folder FROM attachments WHERE container_type = 'Issue' AND author_id = ${this.said['parleyId']} ORDER BY id`);
    return rows.map(({ issue, name, path, folder }) => ({ issue, name, content: readFileSync(join(this.folder, 'files', folder ?? '', path)) }));
  }
}
