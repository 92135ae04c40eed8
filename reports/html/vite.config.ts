// Everything ends up in one file, dist/report.html: the template that the program embeds.

import { createHash } from "node:crypto";
import { defineConfig, type Plugin } from "vite";
import { viteSingleFile } from "vite-plugin-singlefile";

// Nothing is loaded, and no script runs but the one with this hash, whatever a scenario's title
// holds.
const policy = (hash: string) =>
  `default-src 'none'; script-src '${hash}'; style-src 'unsafe-inline'; img-src data:; ` +
  `base-uri 'none'; form-action 'none'`;

function allowOnlyOwnScript(): Plugin {
  return {
    name: "allow-only-own-script",
    enforce: "post",
    generateBundle: {
      order: "post", // after the script was inlined
      handler(_options, bundle) {
        const page = bundle["index.html"];
        if (page?.type !== "asset") throw new Error("there is no index.html in the bundle");
        const html = String(page.source);
        const script = /<script type="module"[^>]*>([^]*?)<\/script>/.exec(html)?.[1];
        if (!script) throw new Error("there is no script in index.html");
        const hash = createHash("sha256").update(script).digest("base64");
        page.source = html.replace(
          "<!-- policy -->",
          `<meta http-equiv="Content-Security-Policy" content="${policy(`sha256-${hash}`)}">`,
        );
        page.fileName = "report.html";
      },
    },
  };
}

export default defineConfig({
  plugins: [viteSingleFile({ removeViteModuleLoader: true }), allowOnlyOwnScript()],
  esbuild: { legalComments: "none" }, // index.html carries the notices
  build: { target: "es2022", modulePreload: { polyfill: false }, reportCompressedSize: false },
});
