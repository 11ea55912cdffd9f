export { DemoModule } from './demo/demo.module.js';
export { Demo } from './demo/demo.service.js';
export { GuidedModule } from './guided/guided.module.js';
export { DEFAULT_OPTIONS, type SandboxOptions } from './options.js';
export { SandboxModule } from './sandbox.module.js';
export { SandboxService, type MadeSandbox, type NewSandbox, type Sandbox, type NewWebhook, type SandboxChange } from './sandbox.service.js';
