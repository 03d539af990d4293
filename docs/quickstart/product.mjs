// A product behind Schoolgate: one sign-in, one roster page, one grade. Needs openid-client (version 6) and Node 20.
import { createServer } from "node:http";
import * as openid from "openid-client";

const { GATEWAY, CLIENT_ID, CLIENT_SECRET, PORT = "8765" } = process.env;
const OWN_URL = process.env.OWN_URL ?? `http://localhost:${PORT}`;
const ROSTER = `${GATEWAY}/ims/oneroster/rostering/v1p2`;
const GRADES = `${GATEWAY}/ims/oneroster/gradebook/v1p2`;
const LTI = "https://purl.imsglobal.org/spec/lti/claim/";

// Plain http is for a gateway on this machine; drop this option for any other.
const options = GATEWAY.startsWith("http:") ? { execute: [openid.allowInsecureRequests] } : {};
const school = await openid.discovery(new URL(GATEWAY), CLIENT_ID, CLIENT_SECRET, undefined, options);
const started = new Map(); // state -> nonce and PKCE verifier; a real product keeps these in the session

// Begin the sign-in, because the gateway sent the browser here.
async function login(query) {
  if (query.get("iss") !== GATEWAY) return [400, "not our gateway"];
  const [state, nonce, verifier] = [openid.randomState(), openid.randomNonce(), openid.randomPKCECodeVerifier()];
  started.set(state, { nonce, verifier });
  const address = openid.buildAuthorizationUrl(school, {
    redirect_uri: `${OWN_URL}/callback`,
    scope: "openid profile",
    state,
    nonce,
    code_challenge: await openid.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
    login_hint: query.get("login_hint") ?? "",
  });
  return [303, address.href];
}

// Exchange the code and say who came; openid-client checks the ID token.
async function callback(query, url) {
  const begun = started.get(query.get("state"));
  if (!begun) return [400, "this sign-in was not begun here"];
  started.delete(query.get("state"));
  const tokens = await openid.authorizationCodeGrant(school, new URL(url, OWN_URL), {
    expectedState: query.get("state"),
    expectedNonce: begun.nonce,
    pkceCodeVerifier: begun.verifier,
  });
  const claims = tokens.claims();
  return [200, { sub: claims.sub, name: claims.name, [`${LTI}context`]: claims[`${LTI}context`] }];
}

// Call the gateway with a token for the application itself.
async function call(address, method = "GET", body = undefined) {
  const { access_token } = await openid.clientCredentialsGrant(school);
  const headers = { Authorization: `Bearer ${access_token}`, "Content-Type": "application/json" };
  const answer = await fetch(address, { method, headers, body: body && JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
  return answer;
}

// Show the first page of people.
async function roster() {
  const query = new URLSearchParams({ limit: "10", filter: "status='active'", sort: "familyName" });
  const answer = await call(`${ROSTER}/users?${query}`);
  return [200, { total: answer.headers.get("X-Total-Count"), ...(await answer.json()) }];
}

// Hand in a grade, and say what became of it.
async function grade(query) {
  const [klass, student] = [query.get("class"), query.get("student")];
  const item = { title: "First quiz", class: { sourcedId: klass }, resultValueMax: 10 };
  await call(`${GRADES}/lineItems/quiz-1`, "PUT", { lineItem: item });
  const address = `${GRADES}/results/quiz-1.${student}`;
  const told = { lineItem: { sourcedId: "quiz-1" }, student: { sourcedId: student }, score: Number(query.get("score")) };
  await call(address, "PUT", { result: told });
  return [200, (await (await call(address)).json()).result];
}

const pages = { "/login": login, "/callback": callback, "/roster": roster, "/grade": grade };

createServer(async (request, response) => {
  const { pathname, searchParams } = new URL(request.url, OWN_URL);
  const page = pages[pathname];
  const [status, told] = page
    ? await page(searchParams, request.url).catch((fault) => [500, String(fault)])
    : [404, "no such page"];
  response.writeHead(status, status === 303 ? { Location: told } : { "Content-Type": "application/json" });
  response.end(JSON.stringify(told));
}).listen(Number(PORT), "127.0.0.1");
