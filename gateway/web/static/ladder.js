/* The cookieless ladder, as a browser climbs it (docs/cookieless.md): a cookie, the platform's storage, a new window.
   It runs on our two pages of a launch and talks to the learning system's page by postMessage (LTI platform storage). */
(() => {
  "use strict";

  const PATIENCE = 2000; // milliseconds until a platform that offered to store has answered
  const PROBING = 1000; // ... and until one that did not offer has said that it can
  const page = document.documentElement;
  page.classList.add("trying");

  const keepsCookies = (name) => {
    try {
      return document.cookie.split("; ").includes(`${name}=1`);
    } catch {
      return false; // a sandbox without allow-same-origin
    }
  };

  const newId = () => Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) => part.toString(16)).join("-");

  const around = () => (window.parent !== window ? window.parent : window.opener);

  const frameOf = (base, name) => {
    if (name === "_parent") return base;
    try {
      return base.frames[name] || null;
    } catch {
      return null;
    }
  };

  /* Ask every frame that may store, at the platform's own origin only; the first one whose answer is good counts.
     Gives {value, frame}, or {fault}: silent, refused or empty. Who only embeds us is never told the value. */
  const ask = (told, subject, fields, isGood) =>
    new Promise((resolve) => {
      const base = around();
      if (!told.origin || !base || window.origin === "null") return resolve({ fault: "silent" });
      const origin = new URL(told.origin).origin;
      const probe = newId();
      const asked = new Map(); // message id -> who was asked
      const names = new Set();
      let isProbed = false;
      let fault = "silent";

      const end = (found) => {
        clearTimeout(timer);
        removeEventListener("message", hear);
        resolve(found);
      };
      const send = (name) => {
        const frame = frameOf(base, name);
        if (!frame || names.has(name)) return;
        names.add(name);
        const id = newId();
        asked.set(id, { frame, name });
        frame.postMessage({ subject, message_id: id, ...fields }, origin);
      };
      const hearProbe = (answer) => {
        isProbed = true;
        const listed = Array.isArray(answer.supported_messages) ? answer.supported_messages : [];
        const found = listed.find((each) => each && each.subject === subject);
        if (found) send(typeof found.frame === "string" && found.frame ? found.frame : "_parent");
        if (!asked.size) end({ fault });
      };
      const hear = (event) => {
        const answer = event.data;
        if (!answer || typeof answer !== "object") return;
        if (event.source === base && answer.subject === "lti.capabilities.response" && answer.message_id === probe) {
          hearProbe(answer);
          return;
        }
        const asking = asked.get(answer.message_id);
        if (!asking || answer.subject !== `${subject}.response`) return;
        if (event.origin !== origin || event.source !== asking.frame) return;
        asked.delete(answer.message_id);
        if (!answer.error && isGood(answer)) {
          end({ value: answer.value, frame: asking.name === "_parent" ? "parent" : "named" });
          return;
        }
        fault = answer.error ? "refused" : "empty";
        if (!asked.size && isProbed) end({ fault });
      };
      const timer = setTimeout(() => end({ fault }), told.frame ? PATIENCE : PROBING);

      addEventListener("message", hear);
      // Anybody may hear the probe: it says nothing, and its answer only names a frame.
      base.postMessage({ subject: "lti.capabilities", message_id: probe }, "*");
      if (told.frame) send(told.frame);
    });

  const stuck = () => page.classList.replace("trying", "stuck");

  const login = async (told) => {
    if (keepsCookies(told.kept)) return location.replace(told.next);
    const { key, value } = told;
    const put = await ask(told, "lti.put_data", { key, value }, (it) => it.key === key && it.value === value);
    if (!put.fault) return location.replace(told.next);
    stuck();
    const link = document.getElementById("new-window");
    if (link) link.addEventListener("click", () => setTimeout(() => page.classList.replace("stuck", "opened"), 0));
  };

  const launch = async (told) => {
    const { key, state, waiting } = told;
    const isGood = (it) => it.key === key && typeof it.value === "string" && it.value !== "";
    const got = await ask(told, "lti.get_data", { key }, isGood);
    if (!got.fault) void ask(told, "lti.put_data", { key, value: "" }, () => true); // it has done its work
    const brought = got.fault ? { fault: got.fault } : { secret: got.value, frame: got.frame };
    try {
      const answer = await fetch(told.to, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ state, waiting, ...brought }),
      });
      const said = await answer.json();
      if (answer.ok) return location.replace(said.location);
      tell(said);
    } catch {
      // The page's own words stand: open the link again.
    }
    stuck();
  };

  const tell = (said) => {
    document.querySelectorAll("[data-tell]").forEach((place) => {
      place.textContent = said[place.dataset.tell];
    });
    document.querySelectorAll(".when-stuck [hidden]").forEach((part) => part.removeAttribute("hidden"));
  };

  addEventListener("DOMContentLoaded", () => {
    const told = document.getElementById("ladder").dataset;
    void (told.step === "login" ? login(told) : launch(told));
  });
})();
