import { t } from "roost/core/words.js";

/** Posts fields to where a form leads, as the form would. Resolves to {status, data}, or {status, problem}: a sentence. */
export async function post(form, fields) {
  const body = new URLSearchParams({ _xsrf: form.elements._xsrf.value, ...fields });
  try {
    const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
    const text = await answer.text();
    const data = text && JSON.parse(text);
    return { status: answer.status, ...(answer.ok ? { data } : { problem: data.error.message }) };
  } catch {
    return { status: null, problem: t("The server did not answer.") };
  }
}
