"""Whether people can do what queues ask for, which is less the longer somebody waits."""

from collections import defaultdict
from collections.abc import Collection

from crmcore.models import QueueSkill, UserSkill


class Skills:
    """What these queues ask for and what these people can do."""

    def __init__(self, queue_ids: Collection[int], user_ids: Collection[int]) -> None:
        self.needs: dict[int, list[QueueSkill]] = defaultdict(list)
        for need in QueueSkill.objects.filter(queue_id__in=queue_ids) if user_ids else ():
            self.needs[need.queue_id].append(need)
        rows = UserSkill.objects.filter(user_id__in=user_ids).values_list("user_id", "skill_id", "level")
        self.levels = {(user_id, skill_id): level for user_id, skill_id, level in rows} if self.needs else {}

    def suffice_after(self, queue_id: int, user_id: int) -> float | None:
        """Seconds of waiting after which this person will do for the queue; None when never."""
        longest = 0.0
        for need in self.needs[queue_id]:
            level = self.levels.get((user_id, need.skill_id), 0)
            after_s = suffices_after(level, needed=need.min_level, lowest=need.lowest_level, every_s=need.relax_every_s)
            if after_s is None:
                return None
            longest = max(longest, after_s)
        return longest


def suffices_after(level: int, *, needed: int, lowest: int, every_s: int | None) -> float | None:
    """Seconds of waiting after which `level` is enough, when one level less is asked for every `every_s`.

    None when it never is.
    """
    if level >= needed:
        return 0.0
    if not every_s or level < lowest:
        return None
    return float((needed - level) * every_s)
