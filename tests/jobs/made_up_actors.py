"""The actors of a worker that knows a made-up job besides."""

from frameapp.services import jobs
from tests.parcels import Post

jobs.JOBS.append(Post().job)

from frameapp.jobs.actors import ACTORS as ACTORS  # noqa: E402
