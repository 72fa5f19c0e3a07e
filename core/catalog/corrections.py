"""What the community's index has wrong, by build. What is not known for sure is left unknown."""

from datetime import date

# Microsoft's lifecycle pages.
SUPPORT_ENDS: dict[str, date] = {
    "13.0.5026": date(2022, 10, 11),
}

# The index has a number from ten years before the build.
KBS: dict[str, tuple[str, ...]] = {
    "12.0.4468": (),
}
