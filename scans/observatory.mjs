// node scans/observatory.mjs HOST HTTP_PORT HTTPS_PORT PATH [COOKIE]: what MDN's HTTP Observatory gives for one page. Its
// own command knows neither ports nor cookies. Run where it is installed; docs/security.md has how.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const from = createRequire(`${process.cwd()}/`);
const load = (name) => import(pathToFileURL(from.resolve(`@mdn/mdn-http-observatory/src/${name}.js`)));
const { ALL_TESTS } = await load("constants");
const { MINIMUM_SCORE_FOR_EXTRA_CREDIT } = await load("grader/charts");
const { getGradeForScore, getScoreModifier } = await load("grader/grader");
const { retrieve } = await load("retriever/retriever");

const [host, httpPort, httpsPort, path, cookie] = process.argv.slice(2);
const headers = ["Accept: text/html", ...(cookie ? [`Cookie: ${cookie}`] : [])];
const answers = await retrieve(host, { httpPort, httpsPort, path, headers });
console.log(path, answers.responses.auto.status, answers.responses.auto.verified ? "" : "(certificate not trusted)");

const results = ALL_TESTS.map((test) => test(answers).result).filter(Boolean);
for (const result of results) console.log(`${getScoreModifier(result)}`.padStart(4), result);
const sum = (modifiers) => modifiers.reduce((total, each) => total + each, 100);
const modifiers = results.map(getScoreModifier);
const without = sum(modifiers.filter((each) => each < 0));
console.log(getGradeForScore(without < MINIMUM_SCORE_FOR_EXTRA_CREDIT ? without : sum(modifiers)));
