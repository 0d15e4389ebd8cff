import { useState } from 'preact/hooks';
import { ProblemError } from '../api/client';
import { logIn } from '../login';
import { Brand } from './brand';

export function Login() {
  const [problem, setProblem] = useState('');
  const [isBusy, setBusy] = useState(false);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const token = new FormData(event.currentTarget as HTMLFormElement).get('token');
    setBusy(true);
    try {
      await logIn(String(token).trim());
    } catch (error) {
      setProblem(said(error as Error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <main class="login">
      <form class="panel" onSubmit={submit}>
        <Brand />
        <h1>Log in</h1>
        <label class="field">
          <span>Token</span>
          <input class="input" name="token" type="password" autocomplete="current-password" required />
        </label>
        {problem && (
          <p class="notice bad" role="alert">
            {problem}
          </p>
        )}
        <button type="submit" class="button primary" disabled={isBusy}>
          Log in
        </button>
        <p class="small muted">
          <code>carillon console token</code> makes one.
        </p>
      </form>
    </main>
  );
}

function said(error: Error): string {
  const isElsewhere = error instanceof ProblemError && error.status === 404;
  return isElsewhere
    ? 'This console takes no tokens here: log in to the application that it is part of.'
    : error.message;
}
