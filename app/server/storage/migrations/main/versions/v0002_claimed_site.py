"""The site that a PC's installer named, beside the one that its code gave it."""

import sqlalchemy as sa
from alembic import op

revision = "main_0002"
down_revision = "main_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; PCs that enrolled before have named none."""
    op.add_column("devices", sa.Column("claimed", sa.Text(), nullable=False, server_default=""))
