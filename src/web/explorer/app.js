// The explorer. Plain script, no library: everything it shows comes from this server.
"use strict";

const by = (id) => document.getElementById(id);
const fields = { query: by("query"), variables: by("variables"), token: by("token") };
const state = { tabs: [], current: 0, types: new Map() };

const DOCS = `query ExplorerDocs {
  __schema {
    queryType { name }
    mutationType { name }
    types {
      name kind description
      fields(includeDeprecated: true) {
        name description isDeprecated deprecationReason
        args { name description type { ...Ref } }
        type { ...Ref }
      }
      inputFields { name description type { ...Ref } }
      enumValues(includeDeprecated: true) { name description }
    }
  }
}
fragment Ref on __Type { name kind ofType { name kind ofType { name kind ofType { name kind } } } }`;

async function ask(query, variables) {
  const headers = {
    "content-type": "application/json",
    accept: "application/graphql-response+json, application/json;q=0.9",
    "accept-language": by("lang").value,
  };
  const token = fields.token.value.trim().replace(/^bearer\s+/i, "");
  if (token) headers.authorization = `Bearer ${token}`;
  const response = await fetch("/graphql", { method: "POST", headers, body: JSON.stringify({ query, variables }) });
  return { status: response.status, id: response.headers.get("x-request-id"), body: await response.json() };
}

function say(text, failed) {
  by("status").textContent = text;
  by("status").classList.toggle("failed", Boolean(failed));
}

async function run() {
  let variables;
  try {
    variables = fields.variables.value.trim() ? JSON.parse(fields.variables.value) : undefined;
  } catch (error) {
    say(`变量不是 JSON / variables are not JSON: ${error.message}`, true);
    return;
  }
  say("…");
  const began = performance.now();
  try {
    const { status, id, body } = await ask(fields.query.value, variables);
    const cost = body.extensions && body.extensions.cost;
    const parts = [`HTTP ${status}`, `${Math.round(performance.now() - began)} ms`, id];
    if (cost) parts.push(`cost ${cost.asked} / ${cost.limit}`);
    say(parts.filter(Boolean).join(" · "), status >= 400 || body.errors);
    by("result").textContent = JSON.stringify(body, null, 2);
  } catch (error) {
    say(String(error), true);
  }
}

function show(index) {
  const before = state.tabs[state.current];
  if (before && state.shown) Object.assign(before, { query: fields.query.value, variables: fields.variables.value });
  state.current = index;
  state.shown = true;
  fields.query.value = state.tabs[index].query;
  fields.variables.value = state.tabs[index].variables;
  [...by("tabs").children].forEach((tab, i) => tab.setAttribute("aria-selected", String(i === index)));
}

function element(name, text, parent) {
  const made = document.createElement(name);
  if (text) made.textContent = text;
  if (parent) parent.append(made);
  return made;
}

function addTab(tab) {
  const index = state.tabs.push(tab) - 1;
  const button = element("button", tab.title);
  button.type = "button";
  button.setAttribute("role", "tab");
  button.addEventListener("click", () => show(index));
  by("tabs").insertBefore(button, by("add"));
}

const named = (ref) => (ref.ofType ? named(ref.ofType) : ref.name);
function written(ref) {
  if (ref.kind === "NON_NULL") return `${written(ref.ofType)}!`;
  return ref.kind === "LIST" ? `[${written(ref.ofType)}]` : ref.name;
}

function describe(list, entry) {
  const term = element("dt", "", list);
  const args = (entry.args || []).map((arg) => `${arg.name}: ${written(arg.type)}`).join(", ");
  element("code", entry.name + (args ? `(${args})` : "") + (entry.type ? ": " : ""), term);
  if (entry.type) {
    const link = element("button", written(entry.type), element("code", "", term));
    link.type = "button";
    link.addEventListener("click", () => find(named(entry.type)));
  }
  const text = [entry.isDeprecated ? `@deprecated ${entry.deprecationReason || ""}` : "", entry.description];
  element("dd", text.filter(Boolean).join("\n"), list);
}

function draw(types) {
  const docs = by("docs");
  docs.replaceChildren();
  if (types.length === 0) element("p", "没有找到 / nothing found", docs);
  for (const type of types) {
    element("h2", `${type.name} · ${type.kind.toLowerCase()}`, docs);
    element("p", type.description, docs);
    const list = element("dl", "", docs);
    for (const entry of type.fields || type.inputFields || type.enumValues || []) describe(list, entry);
  }
}

function find(text) {
  by("search").value = text;
  const wanted = text.toLowerCase();
  const all = [...state.types.values()];
  const exact = state.types.get(text);
  const has = (type) => (type.fields || []).some((field) => field.name.toLowerCase().includes(wanted));
  draw(exact ? [exact] : all.filter((type) => type.name.toLowerCase().includes(wanted) || has(type)).slice(0, 30));
}

async function loadDocs() {
  try {
    const { body } = await ask(DOCS);
    if (!body.data) throw new Error(body.errors ? body.errors[0].message : "?");
    const schema = body.data.__schema;
    state.types = new Map(schema.types.filter((t) => !t.name.startsWith("__")).map((t) => [t.name, t]));
    by("search").disabled = false;
    draw([schema.queryType, schema.mutationType].filter(Boolean).map((root) => state.types.get(root.name)));
  } catch (error) {
    say(String(error), true);
  }
}

async function start() {
  const add = element("button", "+", by("tabs"));
  add.id = "add";
  add.type = "button";
  add.title = "新查询 / new query";
  add.addEventListener("click", () => {
    addTab({ title: `${state.tabs.length + 1}`, query: "", variables: "" });
    show(state.tabs.length - 1);
  });
  by("run").addEventListener("click", run);
  by("load").addEventListener("click", loadDocs);
  by("search").addEventListener("input", (event) => find(event.target.value));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) run();
  });
  for (const field of [fields.query, fields.variables]) {
    field.addEventListener("keydown", (event) => {
      if (event.key !== "Tab" || event.shiftKey) return;
      event.preventDefault();
      field.setRangeText("  ", field.selectionStart, field.selectionEnd, "end");
    });
  }
  // The token lives as long as this tab of the browser and is sent nowhere but here.
  fields.token.value = sessionStorage.getItem("taizhang-token") || "";
  fields.token.addEventListener("change", () => sessionStorage.setItem("taizhang-token", fields.token.value));
  const { tabs } = await (await fetch("/graphiql/tabs.json")).json();
  for (const tab of tabs) addTab(tab);
  if (state.tabs.length === 0) addTab({ title: "1", query: "{ __typename }", variables: "" });
  show(0);
}

start();
