"""Run as a program: delivers through every channel and dies by kill -9 in the last one, after the receiver's answer and
before that is written down."""

import os
import signal
import sys
from datetime import datetime
from typing import Any

from services.stores import open_store
from tests.services.notices.conftest import a_post, hook, mail
from tests.services.notices.receiver import Receiver

if __name__ == "__main__":
    url, kept, lost = sys.argv[1:]
    post = a_post(open_store(url), mail(Receiver(kept)), hook(Receiver(lost)))
    deliver = post.sender.delivers["hook"]

    def die_after(message: Any, now: datetime) -> None:
        deliver(message, now)
        os.kill(os.getpid(), signal.SIGKILL)

    post.sender.delivers = {**post.sender.delivers, "hook": die_after}
    post.sender.run()
