"""The fields of slime's Sample that a rollout function sets."""

from dataclasses import dataclass
from enum import Enum


@dataclass
class Sample:
    class Status(Enum):
        COMPLETED = "completed"

    group_index: int
    index: int
    tokens: list
    response_length: int
    loss_mask: list
    reward: int
    status: Status
