"""The console 工作台: pages for agents, units, supervisors and administrators, in Chinese.

How a page is added
-------------------
1. An endpoint in a folder of its own, `console/<desk>/endpoints.py`::

       router = console_router()                                    # doors.py
       Reader = Annotated[Identity, Depends(require(Right.SEE_TICKETS))]

       @router.get("/inbox")                                        # = /console/inbox
       async def inbox(request: Request, asker: Reader, session: Reading) -> HTMLResponse:
           rows = await service.inbox(session, asker.sight)         # the API's own functions
           return page(request, "unit/inbox.html", rows=rows)       # pages.py

   Every endpoint names its right with `require`; the identity comes before the session.
   `console_router` finds out who asks, sends strangers to the sign-in page, and refuses unsafe
   requests without the form token. It is listed in `web.ROUTERS`.
2. A write takes `sent: Annotated[Reassign, Depends(form(Reassign))]` (forms.py: blank fields are
   left out, times without a zone are the city's) *before* `session: Writing`, calls the service
   function that the API calls, and answers with `back_to(request, address, "已派发")`, which
   follows both a plain form and htmx. One request, one transaction, as everywhere.
3. A template in `console/templates/<desk>/` that extends `base.html`: blocks `title`, `content`,
   `scripts`. In it: `me` (name, `me.may("dispatch")`), `form_token()` inside every form,
   `asset("live.js")` for addresses of static files, filters `when`, `day`, `left` (time left in
   words), `tier`, `state`, `percent`, `actor`.
4. A line in `navigation.PAGES`: its right decides who sees the link.

No script and no style stands in a page: the policy of `headers.py` forbids it. Scripts are small
files in `console/static/`, styles are Tabler's classes and `console.css`; htmx attributes work,
`hx-on` and `hx-vals='js:…'` do not. ECharts reads `data-chart` (JSON option) of a `.chart` element
through `charts.js`. What comes live is taken from `document.addEventListener("hotline:<kind>")`
once `live.js` is loaded.

Errors: raise those of `backend.errors`; `failures.py` shows them in Chinese, as a page or, to
htmx, in the notice bar. A new error code gets its sentence in `words.py`.
"""
