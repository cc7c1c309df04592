// Runs the GraphQL-over-HTTP audits of the npm package graphql-http against a server that runs already.
// GRAPHQL_URL (default http://127.0.0.1:8080/graphql) and GRAPHQL_TOKEN; ends with 1 unless every audit passes.
import { serverAudits } from "graphql-http";

const url = process.env.GRAPHQL_URL ?? "http://127.0.0.1:8080/graphql";
const token = process.env.GRAPHQL_TOKEN;

function fetchFn(input, init = {}) {
  const headers = new Headers(init.headers);
  if (token) headers.set("authorization", `Bearer ${token}`);
  return fetch(input, { ...init, headers });
}

const audits = serverAudits({ url, fetchFn });
let passed = 0;
for (const audit of audits) {
  const result = await audit.fn();
  if (result.status === "ok") {
    passed += 1;
  } else {
    console.error(`${result.status} ${audit.id} ${audit.name}: ${result.reason}`);
  }
}
console.log(`${passed} of ${audits.length} audits pass`);
process.exit(passed === audits.length && passed > 0 ? 0 : 1);
