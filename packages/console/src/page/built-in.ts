/** Until the page is built: where the API is. No script, no style: nothing that the content security policy would have to allow. */
export const BUILT_IN: Readonly<Record<string, string>> = {
  '/index.html': `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Carillon</title>
<h1>Carillon</h1>
<p>The page is not built here. The API is: <a href="openapi.json">openapi.json</a> describes it.</p>
</html>
`,
};
