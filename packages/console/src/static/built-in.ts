/** Until the page is built: a place to log in, and where the API is. */
export const BUILT_IN: Readonly<Record<string, string>> = {
  '/index.html': `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Carillon</title>
<script type="module" src="login.js"></script>
<h1>Carillon</h1>
<form id="login" hidden>
<label>Token <input name="token" type="password" autocomplete="current-password" required></label>
<button>Log in</button>
</form>
<p id="said" role="status"></p>
<p>The page is not built here. The API is: <a href="openapi.json">openapi.json</a> describes it.</p>
</html>
`,
  '/login.js': `const form = document.querySelector('#login');
const said = document.querySelector('#said');

async function look() {
  const answer = await fetch('v1/session');
  form.hidden = answer.ok;
  said.textContent = answer.ok ? 'Logged in as ' + (await answer.json()).actor : '';
}

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  const token = new FormData(form).get('token');
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch('v1/session', { method: 'POST', headers, body: JSON.stringify({ token }) });
  if (answer.ok) await look();
  else said.textContent = (await answer.json()).detail;
});

await look();
`,
};
