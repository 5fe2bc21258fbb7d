"""What happens in one small contest under each ready rulebook: marks, times, theory, deductions.

What comes of it was computed by hand in ``test_ready_by_hand``; ``tests/results/test_ready_whole.py`` plays the same contests from the
tablets to the certificates.
"""

from collections.abc import Callable

from tests.scoring.ready import Small


def lamian() -> Small:
    """Basic skills with a dropped extreme at each end and one minute late, a spoilt broth, somebody stopped."""
    small = Small("lamian", 5)
    small.mark("basic", "A", technique=("12", "13", "13.5", "14", "15"), maoxi="7")
    small.time("basic", A=2400 + 1)
    small.mark("broth", "B", taste="30")
    small.time("bowl", C=1200 + 601, D=1200)
    small.time("creative", F=1799)
    small.theory(A="90", B="80", C="70", D="60", E="50.5")
    return small


def pastry() -> Small:
    small = Small("pastry", 5)
    small.mark("set", "A", colour="16")
    small.mark("own", "A", taste=("28", "27", "26", "25", "20"), creativity="2", difficulty="1")
    small.time("own", A=7200 + 179, D=7200 + 1801)
    small.mark("set", "B", broken=("1", "1", "1", "0", "0"), plating="1,0,2,3")
    small.deduct("own", "C", conduct="3")
    small.theory(A="90", B="80", C="70", E="60", F="50")
    return small


def cooking() -> Small:
    small = Small("cooking", 5)
    small.mark("hot", "A", taste=("36", "35", "34", "33", "32"), flow="45")
    small.time("creative", A=7200 + 90, B=7200 + 1800, C=7200 + 1801)
    small.deduct("fish", "D", accident="12")
    small.theory(A="88", B="90", D="90", E="80", F="70")
    return small


def masonry() -> Small:
    small = Small("masonry", 3)
    small.mark("wall", "A", size="5,11,3", rules="1", bond="1,0,7", axis="10,20.5", plumb="5,6,6,5,4", flat="9,9,9,0,0",
               joints="11,0,0,0,0", courses="622,639,630,638,630", mortar="2", look="7", safety="4.5")
    small.time("wall", A=10000, B=9000, D=10801, E=10800 + 1250)
    small.theory(A="90")
    return small


def welding() -> Small:
    small = Small("welding", 3)
    small.mark("plate", "A", seam=("8", "9", "7"), undercut="12,0", penetration="9,0", surface="1,0,1", safety="1,0,0")
    small.mark("pipe", "A", excess=("1", "2", "2"), undercut="2", angle="3")
    small.mark("xray", "A", film="2")
    small.mark("pipe", "B", unfilled=("1", "1", "0"))
    small.mark("pipe", "C", defect="1")
    small.mark("plate", "D", cracks="0", undercut="0,1")
    small.theory(A="85")
    return small


def electrician() -> Small:
    small = Small("electrician", 3)
    small.mark("wiring", "A", correct="1", tools="1", safety="1,2,0", running="2")
    small.mark("repair", "A", found="3", analysis="15", report="8", violations="2,0")
    small.mark("meter", "A", dress="1", check="18")
    small.mark("wiring", "B", safety="0,0,1")
    small.mark("repair", "C", violations="0,2")
    small.theory(A="80", E="90", F="50")
    return small


def courier() -> Small:
    small = Small("courier", 3)
    small.mark("accept", "A", inspect="1,1,0", packing="2")
    small.mark("route", "A", length="4", missed="1", special="0", speed="835")
    small.mark("locker", "A", stored="12", faults="2,1,1")
    small.mark("accept", "B", inspect="0,0,1")
    small.theory(A="92", B="80")
    return small


def delivery_rider() -> Small:
    small = Small("delivery-rider", 2)
    small.mark("delivery", "A", dress=("2", "1"), order="1", talk="4", rules="2,1,0", control=("8", "7"), right="2", service="2")
    small.time("delivery", A=2100 + 75)
    small.mark("delivery", "B", rules="0,0,2")
    small.theory(A="86")
    return small


def forklift() -> Small:
    small = Small("forklift", 3)
    small.mark("work", "A", lights="0", driving="18", lifting="1,0,1", stacking="10,25,21,20", parking="1", safety="1,0")
    small.theory(A="80")
    small.time("drive", A=300, B=310, D=601, E=290, F=320)
    small.deduct("drive", "A", touch="1", noback="2")
    small.deduct("drive", "E", fall="1")
    return small


STORIES: dict[str, Callable[[], Small]] = {
    "lamian": lamian, "pastry": pastry, "cooking": cooking, "masonry": masonry, "welding": welding, "electrician": electrician,
    "courier": courier, "delivery-rider": delivery_rider, "forklift": forklift,
}
