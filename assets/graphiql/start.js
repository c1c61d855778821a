"use strict";

const QUERY = `# Đăng nhập, rồi dán accessToken vào thẻ Headers.
# Log in, then paste the accessToken into the tab Headers.
mutation LogIn {
  logIn(input: { userName: "", password: "" }) {
    accessToken
    expiresAt
    userErrors { code message }
  }
}

query WhoAmI {
  viewer {
    grants { role unit { code name } }
  }
}
`;

const HEADERS = JSON.stringify({ Authorization: "Bearer <accessToken>", "Accept-Language": "vi" }, null, 2);

/** Sends an operation; a token that is still to be pasted is left out. */
async function fetcher(parameters, options) {
  const headers = new Headers(options?.headers);
  if (/^bearer\s*(<.*)?$/i.test(headers.get("Authorization") ?? "")) headers.delete("Authorization");
  headers.set("Content-Type", "application/json");
  headers.set("Accept", "application/graphql-response+json, application/json;q=0.9");
  const response = await fetch("/graphql", { method: "POST", headers, body: JSON.stringify(parameters) });
  return response.json();
}

ReactDOM.createRoot(document.getElementById("graphiql")).render(
  React.createElement(GraphiQL, {
    fetcher,
    defaultQuery: QUERY,
    defaultHeaders: HEADERS,
    defaultEditorToolsVisibility: "headers",
    shouldPersistHeaders: false,
  }),
);
