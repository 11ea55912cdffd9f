export const SIGN_IN = {
  heading: 'Sign in to Parley',
  email: 'E-mail address',
  password: 'Password',
  act: 'Sign in',
  busy: 'Signing in…',
  by: (name: string) => `Sign in with ${name}`,
  refused: 'E-mail address or password is not right.',
  away: 'Parley does not answer. It may still be starting; try again in a moment.',
  firstTime: 'First time here? The administrator’s password was printed once where Parley was started.',
} as const;
