"""Show how every emergency route is, without ringing anybody."""

from backend.ami import AmiError
from backend.lines.check import check_routes
from backend.lines.settings import LineSettings
from hotline.instance import InstanceError

ROW = "{:<8} {:<24} {:<10} {:<12} {:<10} {:>7}  {}"


async def show() -> int:
    """Print the table; returns 1 if a route does not work.."""
    try:
        routes = await check_routes(LineSettings())
    except AmiError as error:
        raise InstanceError(f"{error}: start the hotline with `make up`") from None
    print(ROW.format("service", "route", "trunk", "OPTIONS", "test", "seconds", ""))
    for one in routes:
        seconds = "" if one.seconds is None else f"{one.seconds:.2f}"
        cells = (one.service, one.route, one.trunk, one.options, one.test or "-", seconds)
        print(ROW.format(*cells, one.fault))
    return 1 if any(one.fault for one in routes) else 0
