"""Numbers, dates and addresses: what a text that became one can't harm any more. Clocks beside them.

From the standard library's documentation: datetime, time, calendar, decimal, fractions, math, statistics,
numbers, ipaddress, zoneinfo, enum. `ip_address` reads a zone behind `%` in IPv6 addresses and leaves it as it
is; that is not followed here: an address counts as harmless but for asking it.
"""

from __future__ import annotations

from checks.frameworks.libraries.tables import NOTHING, NUMBER, TEXT, TRUTH, each, of, own
from checks.semantics.library import INJECTIONS, Check, Entry, Library, Sink, converts, gives, passes

_ADDRESSES = INJECTIONS - {"url"}
_FLOAT = converts("builtins.float")


def _address(kind: str) -> Entry:
    return Entry(
        returns=kind, passes=(0,), cleans=_ADDRESSES, checks=(Check((0, "address"), _ADDRESSES, "returns"),)
    )


_SAFE_TEXT = Entry(returns="builtins.str", passes=(-1,), cleans=INJECTIONS)
_CHANGED = Entry(returns="self", passes=("*",), cleans=INJECTIONS)
_DATE = {
    **each(
        "fromisocalendar fromisoformat fromordinal fromtimestamp",
        Entry(returns="self", passes=(0,), cleans=INJECTIONS),
    ),
    **each("max min today", gives("self")),
    **each("day isoweekday month toordinal weekday year", NUMBER),
    **each("ctime isoformat", _SAFE_TEXT),
    "replace": _CHANGED,
    # The format may be anyone's, and comes out wherever it is no directive.
    "strftime": passes(0, returns="builtins.str"),
    **each("isocalendar timetuple", NOTHING),
}
_CLOCK = {
    **each("hour microsecond minute second", NUMBER),
    "tzname": _SAFE_TEXT,
    **each("dst tzinfo utcoffset", NOTHING),
}
_DATETIME = {
    **_DATE,
    **_CLOCK,
    **each("combine strptime utcfromtimestamp", Entry(returns="self", passes=(0,), cleans=INJECTIONS)),
    **each("now utcnow", gives("self")),
    **each("astimezone date time timetz", _CHANGED),
    "timestamp": NUMBER,
    "utctimetuple": NOTHING,
}
_TIME = {
    **_CLOCK,
    "fromisoformat": Entry(returns="self", passes=(0,), cleans=INJECTIONS),
    "isoformat": _SAFE_TEXT,
    "replace": _CHANGED,
    "strftime": passes(0, returns="builtins.str"),
    **each("max min", gives("self")),
}
_SPAN = {**each("days microseconds seconds total_seconds", NUMBER), **each("max min", gives("self"))}

library = Library(
    "standard.numbers",
    entries={
        **{
            f"datetime.{name}": Entry(returns=f"datetime.{name}", passes=("*",), cleans=INJECTIONS)
            for name in ("date", "datetime", "time", "timedelta")
        },
        **of("datetime.date", _DATE),
        **of("datetime.datetime", _DATETIME),
        **of("datetime.time", _TIME),
        **of("datetime.timedelta", _SPAN),
        **each("datetime.timezone datetime.UTC datetime.timezone.utc zoneinfo.ZoneInfo", NOTHING),
        "zoneinfo.available_timezones": NOTHING,
        **of(
            "time",
            each("gmtime localtime mktime monotonic perf_counter process_time time time_ns", NUMBER),
        ),
        "time.sleep": Entry(work="sleep"),
        **of("time", each("monotonic_ns perf_counter_ns", NUMBER)),
        **of(
            "time", {"strftime": passes(0, returns="builtins.str"), "strptime": converts("time.struct_time")}
        ),
        **of("time", each("asctime ctime", TEXT)),
        **of("calendar", each("isleap monthrange timegm weekday", NUMBER)),
        **of("calendar", each("month_name month_abbr day_name day_abbr", NOTHING)),
        "decimal.Decimal": Entry(
            returns="decimal.Decimal", passes=(0,), cleans=INJECTIONS, sinks=(Sink("nan", (0, "value")),)
        ),
        **of("decimal.Decimal", {"quantize": own("self"), **each("is_nan is_finite is_infinite", TRUTH)}),
        "fractions.Fraction": converts("fractions.Fraction"),
        **of("math", each("ceil comb factorial floor gcd isqrt lcm perm trunc", converts("builtins.int"))),
        **of("math", each("acos asin atan cos degrees exp fabs log log10 log2 radians sin sqrt tan", _FLOAT)),
        **of("math", each("atan2 copysign dist fmod fsum hypot ldexp pow prod", _FLOAT)),
        **of("math", each("isclose isfinite isinf isnan", TRUTH)),
        **of("math", each("e inf nan pi tau", NUMBER)),
        **of("statistics", each("fmean mean median pstdev quantiles stdev variance", _FLOAT)),
        **of("statistics", each("mode multimode", passes(0))),
        "ipaddress.ip_address": _address("ipaddress.IPv4Address"),
        "ipaddress.ip_network": _address("ipaddress.IPv4Network"),
        "ipaddress.ip_interface": _address("ipaddress.IPv4Interface"),
        **{
            f"ipaddress.{kind}": _address(f"ipaddress.{kind}")
            for kind in ("IPv4Address", "IPv6Address", "IPv4Network", "IPv6Network")
        },
        **of(
            "ipaddress.IPv4Address",
            each(
                "is_global is_link_local is_loopback is_multicast is_private is_reserved is_unspecified",
                TRUTH,
            ),
        ),
        **of("ipaddress.IPv4Address", each("exploded compressed packed", own("builtins.str"))),
        "enum.Enum.value": TEXT,
        "enum.Enum.name": TEXT,
    },
    bases={
        "datetime.datetime": ("datetime.date",),
        "ipaddress.IPv4Interface": ("ipaddress.IPv4Address",),
        "ipaddress.IPv6Address": ("ipaddress.IPv4Address",),
    },
)
