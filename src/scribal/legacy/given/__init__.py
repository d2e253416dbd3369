"""What nothing has today: functions and classes of old libraries, written anew on today's."""

__all__: list[str] = []
