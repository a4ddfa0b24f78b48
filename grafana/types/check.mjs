// Writes each dashboard as a constant of Grafana's type, and has TypeScript say whether it is one: `npm ci && npm run check`.
// Options and custom settings of a panel are held against the types of its kind; unknown fields are refused there as anywhere else.
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const dashboards = join(here, "..", "dashboards");
const out = join(here, "node_modules", ".check");
const versions = ["grafana-schema-12", "grafana-schema-13"];

// The kinds of panels there are, with what their types are called; those without custom settings have no type for them.
const kinds = { timeseries: "TimeSeries", stat: "Stat", table: "Table" };
const withoutCustom = ["stat"];

// A text is no member of an enum to TypeScript, though in JSON an enum is its texts.
const plain = `type Plain<T> = T extends string ? \`${"$"}{T}\` : T extends (infer U)[] ? Plain<U>[] : T extends object ? { [K in keyof T]: Plain<T[K]> } : T;`;

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
for (const version of versions) {
  for (const file of readdirSync(dashboards)) {
    writeFileSync(join(out, `${version}-${file.replace(".json", "")}.ts`), source(version, file));
  }
}
writeFileSync(
  join(out, "tsconfig.json"),
  JSON.stringify({
    compilerOptions: {
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      module: "esnext",
      moduleResolution: "bundler",
      target: "es2022",
      types: [],
    },
    include: ["*.ts"],
  }),
);
execFileSync(process.execPath, [join(here, "node_modules", "typescript", "bin", "tsc"), "-p", out], {
  stdio: "inherit",
});
console.log(`${readdirSync(dashboards).length} dashboards are what Grafana 12 and 13 take.`);

function source(version, file) {
  const dashboard = JSON.parse(readFileSync(join(dashboards, file), "utf8"));
  const panels = dashboard.panels ?? [];
  const rows = panels.filter((panel) => panel.type === "row");
  const others = panels.filter((panel) => panel.type !== "row");
  const lines = [`import type * as g from "${version}";`];
  for (const [kind, name] of Object.entries(kinds)) {
    lines.push(`import type * as ${kind} from "${version}/dist/esm/raw/composable/${kind}/panelcfg/x/${name}PanelCfg_types.gen";`);
  }
  lines.push(plain);
  const constant = (name, type, value) =>
    lines.push(`export const ${name}: Plain<${type}> = ${JSON.stringify(value, null, 1)};`);
  const { annotations, ...whole } = dashboard;
  constant("dashboard", "g.Dashboard", { ...whole, panels: [] });
  constant("annotations", "g.AnnotationQuery<g.DataQuery & Record<string, unknown>>[]", annotations.list);
  rows.forEach((row, i) => constant(`row${i}`, "g.RowPanel", row));
  others.forEach((panel, i) => {
    if (!(panel.type in kinds)) {
      throw new Error(`${file}: the panel "${panel.title}" is of a kind that is not checked: ${panel.type}`);
    }
    const { options, fieldConfig, ...rest } = panel;
    const { custom, ...defaults } = fieldConfig.defaults;
    constant(`panel${i}`, "g.Panel", rest);
    constant(`options${i}`, `Partial<${panel.type}.Options>`, options);
    constant(`defaults${i}`, "g.FieldConfig", defaults);
    constant(`overrides${i}`, 'g.FieldConfigSource["overrides"]', fieldConfig.overrides);
    if (custom !== undefined || !withoutCustom.includes(panel.type)) {
      constant(`custom${i}`, `Partial<${panel.type}.FieldConfig>`, custom ?? {});
    }
  });
  return lines.join("\n") + "\n";
}
