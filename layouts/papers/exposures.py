"""曝光候选名单 on A4: notices that were missed. Exposure itself is approved elsewhere (启东: 督查曝光)."""

from collections.abc import Sequence
from datetime import datetime

from domain.city import City
from domain.documents import long_moment, short_moment
from domain.supervision import Notice
from layouts.papers.paper import drawn


def exposures(notices: Sequence[Notice], city: City, now: datetime) -> str:
    """The list as it stands now, the longest missed first."""
    units = {unit.key: unit.short_name for unit in city.units}
    rows = [
        {
            "number": one.number,
            "case_no": one.case_no,
            "title": one.title,
            "unit": units.get(one.unit, one.unit),
            "due": short_moment(city.local(one.due)),
            "met": short_moment(city.local(one.met)) if one.met else "未办结",
        }
        for one in notices
    ]
    return drawn("exposures", issuer=city.title, at=long_moment(city.local(now)), rows=rows)
