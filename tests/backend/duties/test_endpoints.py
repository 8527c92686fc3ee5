"""The catalogue over HTTP: a version at a time, proposals by it, overrules kept."""

import httpx

from backend.duties import sheets
from backend.duties.importing import HEADINGS
from backend.duties.overrules import HEADINGS as LEARNT
from backend.duties.sheets import Format
from tests.backend.dispatch.town import Town

NOISE = ("ZS-1", "噪声油烟", "", "莲池区", "", "莲池区城管局", "5d", "三定方案第四条")
FUMES = ("ZS-2", "噪声油烟", "", "", "", "莲池区", "5d", "统一监督")


async def send(town: Town, *rows: tuple[str, ...], version: str = "2026-3") -> httpx.Response:
    content = sheets.write(Format.XLSX, HEADINGS, rows)
    return await town.browsers["dispatcher"].post(
        "/api/duties/import",
        files={"file": ("duties.xlsx", content)},
        data={"version": version, "note": "职责调整"},
    )


async def test_before_an_import_the_starting_list_is_in_force(town: Town) -> None:
    shown = (await town.browsers["clerk"].get("/api/duties", params={"category": "供热"})).json()

    assert shown["version"] == "2026-11"
    assert {one["category"] for one in shown["items"]} == {"供热"}


async def test_an_imported_version_is_in_force_and_the_one_before_stays(town: Town) -> None:
    made = await send(town, NOISE, FUMES)

    assert made.status_code == 201, made.text
    versions = (await town.browsers["clerk"].get("/api/duties/versions")).json()
    assert [one["version"] for one in versions] == ["2026-3", "2026-11"]
    listed = (await town.browsers["clerk"].get("/api/duties")).json()
    assert [one["code"] for one in listed["items"]] == ["ZS-1", "ZS-2"]
    old = await town.browsers["clerk"].get("/api/duties", params={"version": "2026-11", "limit": 1})
    assert old.json()["next_cursor"]
    twice = await send(town, NOISE)
    assert (twice.status_code, twice.json()["field"]) == (409, "version")


async def test_one_wrong_row_imports_nothing(town: Town) -> None:
    refused = await send(town, NOISE, (*FUMES[:5], "没有的局", *FUMES[6:]))

    assert refused.status_code == 422
    assert refused.json()["problems"][0]["field"] == "第3行 承办单位"
    versions = (await town.browsers["clerk"].get("/api/duties/versions")).json()
    assert [one["version"] for one in versions] == ["2026-11"]


async def test_what_is_exported_is_imported_again_unchanged(town: Town) -> None:
    await send(town, NOISE, FUMES)
    for form in Format:
        got = await town.browsers["clerk"].get("/api/duties/export", params={"form": form.value})
        rows = sheets.read(got.content, HEADINGS)

        assert [tuple(one.cells.values()) for one in rows] == [NOISE, FUMES]


async def test_the_proposal_names_the_entry_and_the_runner_up(town: Town) -> None:
    await send(town, NOISE, FUMES)
    number = await town.draft()

    shown = (await town.browsers["agent"].get(f"/api/tickets/{number}/proposal")).json()

    assert shown["clear"]
    assert shown["entry"]["code"] == "ZS-1"
    assert shown["entry"]["unit_id"] == town.units["bureau"]
    assert shown["runner_up"]["unit_id"] == town.units["county"]
    assert "三定方案第四条" in shown["why"]


async def test_an_overruled_proposal_becomes_a_row_to_learn_from(town: Town) -> None:
    await send(town, NOISE, FUMES)
    follows, overruled = (
        await town.draft(),
        await town.draft("莲池区裕华路饭店油烟大，打13812345678"),
    )
    await town.dispatch(follows, "bureau")
    await town.dispatch(overruled, "street")

    got = await town.browsers["dispatcher"].get("/api/overrules/export")

    rows = [one.cells for one in sheets.read(got.content, LEARNT)]
    assert [(one["unit_proposed"], one["unit"]) for one in rows] == [("莲池区城管局", "裕华街道")]
    assert "13812345678" not in got.text
    assert (await town.last_event(overruled))["overruled"] is True
    assert (await town.last_event(follows))["overruled"] is False


async def test_a_category_set_right_by_a_person_is_kept_too(town: Town) -> None:
    await send(town, NOISE, FUMES)
    number = await town.draft("莲池区裕华路暖气不热")
    change = {"version": 1, "category": "噪声油烟", "district": "莲池区"}
    await town.browsers["agent"].patch(f"/api/tickets/{number}", json=change)

    await town.dispatch(number, "bureau")

    got = await town.browsers["dispatcher"].get("/api/overrules/export")
    rows = [one.cells for one in sheets.read(got.content, LEARNT)]
    assert [(one["category_proposed"], one["category"]) for one in rows] == [("供热", "噪声油烟")]


async def test_units_read_the_catalogue_and_do_not_change_it(town: Town) -> None:
    content = sheets.write(Format.CSV, HEADINGS, [NOISE])

    refused = await town.browsers["bureau"].post(
        "/api/duties/import",
        files={"file": ("duties.csv", content)},
        data={"version": "x", "note": "x"},
    )

    assert refused.status_code == 403


async def test_drafts_follow_the_imported_catalogue(town: Town) -> None:
    before = await town.ticket(await town.draft())
    await send(town, ("ZS-9", "噪声油烟", "施工", "莲池区", "", "裕华街道", "2h", "试点"))

    after = await town.ticket(await town.draft())
    none = await town.ticket(await town.draft("莲池区裕华路暖气不热"))

    assert (before.unit, before.tier) == ("莲池区城市管理综合行政执法局", "24h")
    assert (after.unit, after.tier) == ("裕华街道", "2h")
    assert "派单目录2026-3 条目ZS-9" in after.notes["why"]["unit"]
    assert (none.unit, "unit" in none.unsure) == (None, True)
