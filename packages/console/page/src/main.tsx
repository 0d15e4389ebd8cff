import { render } from 'preact';
import '../styles/tokens.css';
import '../styles/base.css';
import '../styles/parts.css';
import '../styles/shell.css';
import { listenToKeys } from './keyboard';
import { Loading, Problem } from './parts/states';
import './scheme';
import { loadSession } from './login';
import { session, sessionError } from './session';
import { Login } from './shell/login';
import { Shell } from './shell/shell';

function App() {
  if (session.value) return <Shell />;
  if (session.value === null) return <Login />;
  if (sessionError.value) return <Problem error={sessionError.value} retry={() => void loadSession()} />;
  return <Loading what="the console" />;
}

const root = document.querySelector('#app');
if (root) render(<App />, root);
listenToKeys();
void loadSession();
