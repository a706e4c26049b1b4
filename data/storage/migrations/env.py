"""Run migrations on the connection that `data.storage.migrate` hands over.

Alembic executes this file for each command; it opens no database by itself, because only the store knows its locks.
"""

from alembic import context

from data.storage.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
