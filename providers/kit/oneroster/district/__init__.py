"""Makes up whole districts of any size as OneRoster CSV 1.2.1, the same for the same seed, and their next days."""

from providers.kit.oneroster.district.plan import District
from providers.kit.oneroster.district.write import Written, write_district

__all__ = ["District", "Written", "write_district"]
