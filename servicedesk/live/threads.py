"""Database work off the event loop."""

from typing import Any

from channels.db import database_sync_to_async


async def in_thread(call: Any, *args: Any) -> Any:
    return await database_sync_to_async(call, thread_sensitive=False)(*args)
