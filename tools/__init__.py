"""Programs for those who work on scribal; none of them is part of the package."""
