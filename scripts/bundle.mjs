// Bundles what pages load, for each page by itself: node scripts/bundle.mjs FOLDER < pages.json > manifest.json
//
// A page becomes a script for its first frame, one with everything that it fetches later, and what both share. Whatever
// it imports dynamically and needs for its first frame is there from the beginning; what other pages call theirs is
// left out. The modules stay modules: each is evaluated once, and a later part only when it is asked for.

import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { brotliCompressSync } from "node:zlib";
import { build, transform } from "esbuild";
import { openings } from "./openings.mjs";

const ROOT = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const SCRIPTS = "static/js/";
const DYNAMIC = /\bimport\("(\.{1,2}\/[^"]+)"\)/g;
const COMMON = {
  absWorkingDir: ROOT,
  bundle: true,
  format: "esm",
  minify: true,
  target: "es2022",
  legalComments: "none",
  metafile: true,
  write: false,
  logLevel: "warning",
};
const folder = path.resolve(process.argv[2]);
const { pages, sheets, packed } = JSON.parse(await text(process.stdin));

/** A module's name in the pages' table. */
const named = (file) => file.slice(SCRIPTS.length);

/** Who imports whom, and how: name -> [{ name, dynamic }]. */
async function readGraph() {
  const entryPoints = [...new Set(pages.flatMap(({ entry, later }) => [...entry, ...later]))].map((name) => SCRIPTS + name);
  const { metafile } = await build({ ...COMMON, entryPoints, splitting: true, outdir: folder });
  const edges = Object.entries(metafile.inputs).map(([file, { imports }]) => [
    named(file),
    imports.map((other) => ({ name: named(other.path), dynamic: other.kind === "dynamic-import" })),
  ]);
  return new Map(edges);
}

/** The modules that are there with these, those alone that `follow` lets in. */
function reached(graph, entries, follow) {
  const found = new Set();
  const waiting = [...entries];
  for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
    if (found.has(name)) continue;
    found.add(name);
    for (const edge of graph.get(name) ?? []) if (follow(edge)) waiting.push(edge.name);
  }
  return found;
}

/** What a page loads at once, what it fetches later, and all that comes with that. */
function partsOf(graph, page) {
  const own = new Set([...page.entry, ...page.later]);
  const others = new Set(pages.flatMap(({ entry, later }) => [...entry, ...later]).filter((name) => !own.has(name)));
  const first = reached(graph, page.entry, ({ name, dynamic }) => !dynamic || page.entry.includes(name));
  const all = reached(graph, [...page.entry, ...page.later], ({ name, dynamic }) => !dynamic || !others.has(name));
  const edges = [...all].flatMap((name) => graph.get(name) ?? []).filter(({ name, dynamic }) => dynamic && all.has(name));
  const later = new Set([...page.later, ...edges.map(({ name }) => name)].filter((name) => !first.has(name)));
  return { first, later: [...later].sort(), rest: [...all].filter((name) => !first.has(name)) };
}

/** The source of a module in which each dynamic import leads to the part of the page that has it. */
function redirected(source, name, { first, later }, laterFile) {
  const here = [];
  const code = source.replace(DYNAMIC, (_, target) => {
    const wanted = path.posix.join(path.posix.dirname(name), target);
    if (later.includes(wanted)) return `import("${laterFile}").then((part) => part.part${later.indexOf(wanted)})`;
    if (!first.has(wanted)) return `Promise.reject(new Error("${wanted} is of another page"))`;
    here.push(target);
    return `Promise.resolve(part${here.length - 1})`;
  });
  return here.map((target, index) => `import * as part${index} from "${target}";`).join("") + code;
}

/** The sources of modules as esbuild is given them, which each page that has one shares. */
const sources = new Map();

/** The source of a module, small and with its imports written in one way. */
function sourceOf(file) {
  if (!sources.has(file)) {
    const options = { minifyWhitespace: true, target: "es2022" };
    sources.set(file, readFile(file, "utf8").then((text) => transform(text, options)));
  }
  return sources.get(file);
}

const relative = (name) => JSON.stringify(`./${SCRIPTS}${name}`);

/** The plugin that makes the two entries of a page, and leads its dynamic imports to them. */
function plugin(page, parts) {
  const later = `${page.name}-later.js`;
  const entries = {
    [`${page.name}.js`]: page.entry.map((name) => `import ${relative(name)};`),
    [later]: parts.later.map((name, index) => `export * as part${index} from ${relative(name)};`),
  };
  return {
    name: "page",
    setup({ onResolve, onLoad }) {
      onResolve({ filter: new RegExp(`^${page.name}(-later)?\\.js$`) }, (file) => ({ path: file.path, namespace: "page" }));
      onLoad({ filter: /.*/, namespace: "page" }, (file) => ({ contents: entries[file.path].join(""), resolveDir: ROOT }));
      onLoad({ filter: /\.js$/, namespace: "file" }, async (file) => {
        const { code } = await sourceOf(file.path);
        const name = named(path.relative(ROOT, file.path).split(path.sep).join("/"));
        return { contents: redirected(code, name, parts, later) };
      });
    },
  };
}

/** The files of an entry, it first. */
function filesOf(outputs, entry) {
  const edges = Object.entries(outputs).map(([file, { imports }]) => [file, imports.map(({ path: name, kind }) => ({ name, kind }))]);
  const files = reached(new Map(edges), [entry], ({ kind }) => kind === "import-statement");
  return [...files].map((file) => path.basename(file));
}

/** Leaves the addresses of pictures and fonts as they are: what is beside css/ is beside the bundle too. */
const AS_WRITTEN = {
  name: "as-written",
  setup({ onResolve }) {
    onResolve({ filter: /.*/ }, ({ kind, path: address }) => (kind === "url-token" ? { path: address, external: true } : null));
  },
};

async function bundled(graph, page) {
  const parts = partsOf(graph, page);
  const entries = parts.later.length ? [`${page.name}.js`, `${page.name}-later.js`] : [`${page.name}.js`];
  const scripts = await build({ ...COMMON, entryPoints: entries, splitting: true, outdir: folder, plugins: [plugin(page, parts)] });
  const styles = [...sheets, ...page.sheets].map((sheet) => `@import "./static/css/${sheet}.css";`).join("");
  const style = await build({
    ...COMMON,
    stdin: { contents: styles, resolveDir: ROOT, loader: "css" },
    plugins: [AS_WRITTEN],
    outfile: path.join(folder, `${page.name}.css`),
  });
  await Promise.all([...scripts.outputFiles, ...style.outputFiles].map(write));
  const { outputs } = scripts.metafile;
  const output = (entry) => Object.keys(outputs).find((file) => outputs[file].entryPoint === `page:${entry}`);
  const [first, later = []] = entries.map((entry) => filesOf(outputs, output(entry)));
  return {
    sheets: [`${page.name}.css`],
    first: { files: first, modules: [...parts.first] },
    later: { files: later.filter((file) => !first.includes(file)), modules: parts.rest },
  };
}

async function write({ path: file, contents }) {
  await writeFile(file, contents);
  if (packed) await writeFile(`${file}.br`, brotliCompressSync(contents));
}

const graph = await readGraph();
const requests = await openings(pages.map(({ name }) => name));
const made = await Promise.all(pages.map(async (page) => [page.name, { ...(await bundled(graph, page)), requests: requests[page.name] }]));
process.stdout.write(JSON.stringify(Object.fromEntries(made)));
