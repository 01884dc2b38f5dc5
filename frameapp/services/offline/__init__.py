"""A feed rendered into a folder on all cores: without a server, a database or a queue.

The process that calls ``rows`` reads the feed and decodes nothing; its workers fetch, render and write.
"""

from frameapp.services.offline.files import remove_unfinished, written_whole
from frameapp.services.offline.manifest import MANIFEST, Row, State, replaced_feed, write_manifest
from frameapp.services.offline.rows import rows
from frameapp.services.offline.team import Team
from frameapp.services.offline.worker import PICTURES, Job

__all__ = [
    "MANIFEST",
    "PICTURES",
    "Job",
    "Row",
    "State",
    "Team",
    "remove_unfinished",
    "replaced_feed",
    "rows",
    "write_manifest",
    "written_whole",
]
