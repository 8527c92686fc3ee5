"""A caller's words become a draft."""

from backend.intake import Kind, Tier, draft


def test_heating_off_in_a_named_street_is_a_request_for_help_with_heating() -> None:
    fields = draft("我家住莲池区裕华路，暖气已经三天不热了，麻烦给解决一下", caller="13800000000")

    assert (fields.kind, fields.category) == (Kind.HELP, "供热")
    assert (fields.district, fields.place) == ("莲池区", "裕华路")
    assert fields.acceptable
    assert fields.contact == "13800000000"
    assert fields.tier in (Tier.TWO_HOURS, Tier.DAY)
